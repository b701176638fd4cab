import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { presence } from './presence.ts'

const look = (credential: Parameters<typeof presence>[0]['credential'], headers: string[], query = '') =>
  presence({ scheme: 's', realm: 'r', credential }).verify(exchangeOf({ headers, query }))

describe('presence', () => {
  it.each<[string[], string]>([
    [['Authorization', 'Bearer x'], 'present'],
    [['authorization', 'bEaReR   x'], 'present'],
    [['Authorization', 'Bearer'], 'absent'],
    [['Authorization', 'Bearer '], 'absent'],
    [['Authorization', 'Bearerx y'], 'absent'],
    [['Authorization', 'Basic x'], 'absent'],
    [[], 'absent'],
    [['Authorization', 'Bearer x', 'Authorization', 'Bearer x'], 'invalid'],
  ])('%j is %s for bearer', (headers, outcome) => {
    expect(look({ authorization: 'bearer' }, headers)).toMatchObject({ outcome })
  })

  it('looks for API keys where they are declared', () => {
    expect(look({ in: 'query', name: 'k' }, [], 'k=1')).toEqual({ outcome: 'present' })
    expect(look({ in: 'query', name: 'k' }, [], 'k=')).toEqual({ outcome: 'absent' })
    expect(look({ in: 'query', name: 'k' }, [], 'k=1&k=2')).toMatchObject({ outcome: 'invalid' })
    expect(look({ in: 'cookie', name: 'k' }, ['Cookie', 'k=1'])).toEqual({ outcome: 'present' })
  })

  it('never finds what no request can show', () => {
    expect(look(null, ['X-Client-Cert', 'x', 'Authorization', 'Bearer x'])).toEqual({ outcome: 'absent' })
  })

  it('challenges by the scheme, and leaves the credential where it is', () => {
    const verifier = presence({ scheme: 's', realm: 'r', credential: { authorization: 'bearer' } })
    expect(verifier.challenge({ verdict: { outcome: 'absent' }, scopes: [], roles: [] })).toBe('Bearer realm="r"')
    const exchange = exchangeOf({ headers: ['Authorization', 'Bearer x'] })
    verifier.remove(exchange)
    expect(exchange.headers).toEqual(['Authorization', 'Bearer x'])
  })
})

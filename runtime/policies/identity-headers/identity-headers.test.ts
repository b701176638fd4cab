import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { type IdentitySource, identityHeaders } from './identity-headers.ts'

const ok = { status: 200, headers: [], body: null }
const told = (source: IdentitySource, claims: Record<string, unknown> = {}, id = 'ada'): string | undefined => {
  const exchange = exchangeOf({ headers: ['a', 'b'] })
  exchange.consumer = { id, roles: ['r,1', 'r2'], scopes: ['a', 'b'], claims }
  identityHeaders({ headers: { 'X-Who': source } })(() => ok)(exchange)
  expect(exchange.headers.slice(0, 2)).toEqual(['a', 'b'])
  return exchange.headers[3]
}

describe('identityHeaders', () => {
  it('tells what is known', () => {
    expect(told('consumer.id')).toBe('ada')
    expect(told('consumer.plan')).toBeUndefined()
    expect(told('consumer.roles')).toBe('r%2C1,r2')
    expect(told('scope')).toBe('a b')
    expect(told({ claim: 'org.id' }, { org: { id: 7 } })).toBe('7')
    expect(told({ claim: 'list' }, { list: ['x', 1, {}, null] })).toBe('x,1')
    expect(told({ claim: 'none' })).toBeUndefined()
    expect(told({ claim: 'object' }, { object: {} })).toBeUndefined()
  })

  it('lets no claim write a field of its own', () => {
    expect(told({ claim: 'x' }, { x: 'a\r\nX-Admin: 1' })).toBe('a%0D%0AX-Admin: 1')
    expect(told('consumer.id', {}, 'Zoë 100%')).toBe('Zo%C3%AB 100%25')
    expect(told({ claim: 'x' }, { x: '\ud800' })).toBe('%EF%BF%BD')
    for (const text of ['a b', '"{}[]<>|^`~', 'ü&=', '%41'])
      expect(decodeURIComponent(told({ claim: 'x' }, { x: text })!)).toBe(text)
  })

  it('tells nothing of nobody', () => {
    const exchange = exchangeOf({ headers: [] })
    identityHeaders({ headers: { 'X-Who': 'consumer.id' } })(() => ok)(exchange)
    expect(exchange.headers).toEqual([])
  })
})

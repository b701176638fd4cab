import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../test/support/exchange-of.ts'
import { keyAccess, twice } from './credential.ts'

describe('a key in a header', () => {
  const access = keyAccess({ in: 'header', name: 'X-API-Key' })
  it('is found in any case and removed, everything else staying as it was', () => {
    const headers = ['Accept', '*/*', 'x-aPi-KEY', 'k', 'X-Other', '1']
    const exchange = exchangeOf({ headers })
    expect(access.read(exchange)).toBe('k')
    access.remove(exchange)
    expect(exchange.headers).toEqual(['Accept', '*/*', 'X-Other', '1'])
    expect(headers).toHaveLength(6)
  })
  it('is not chosen from several, and all of them are removed', () => {
    const exchange = exchangeOf({ headers: ['X-API-Key', 'a', 'X-API-Key', 'a'] })
    expect(access.read(exchange)).toBe(twice)
    access.remove(exchange)
    expect(exchange.headers).toEqual([])
  })
  it('leaves the very list where there is nothing to remove', () => {
    const headers = ['Accept', '*/*']
    const exchange = exchangeOf({ headers })
    expect(access.read(exchange)).toBeUndefined()
    access.remove(exchange)
    expect(exchange.headers).toBe(headers)
  })
})

describe('a key in the query', () => {
  const access = keyAccess({ in: 'query', name: 'api_key' })
  const remaining = (query: string): string => {
    const exchange = exchangeOf({ query })
    access.remove(exchange)
    return exchange.query
  }
  it.each([
    ['api_key=k', 'k', ''],
    ['a=1&api_key=k&b=%20', 'k', 'a=1&b=%20'],
    ['api_key=k%2B%20x+y&a', 'k+ x y', 'a'],
    ['api%5Fkey=k&a=%e4', 'k', 'a=%e4'],
    ['a=api_key&&=', undefined, 'a=api_key&&='],
    ['api_key', '', ''],
    ['xapi_key=1', undefined, 'xapi_key=1'],
    ['a=%zz', undefined, 'a=%zz'],
    ['api_key=%zz', '%zz', ''],
  ])('%s', (query, key, rest) => {
    expect(access.read(exchangeOf({ query }))).toBe(key)
    expect(remaining(query)).toBe(rest)
  })
  it('is not chosen from several, however they are written', () => {
    expect(access.read(exchangeOf({ query: 'api_key=a&api%5fkey=b' }))).toBe(twice)
    expect(remaining('api_key=a&x=1&api%5fkey=b')).toBe('x=1')
  })
  it('never leaves a pair that a form decoder would read as the key, nor touches another', () => {
    const pair = fc.string({
      unit: fc.constantFrom('a', 'p', 'i', '_', 'k', 'e', 'y', '%5F', '%6b', '+', '%20', '=', '%'),
    })
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pair, fc.constant('api_key=x'), fc.constant('%61pi_key=x')), { maxLength: 6 }),
        (pairs) => {
          const rest = remaining(pairs.join('&'))
          expect([...new URLSearchParams(rest).keys()]).not.toContain('api_key')
          const kept = pairs.filter((one) => !new URLSearchParams(`${one}`).has('api_key'))
          expect(rest).toBe(kept.join('&'))
        },
      ),
    )
  })
})

describe('a key in a cookie', () => {
  const access = keyAccess({ in: 'cookie', name: 'sid' })
  it.each([
    [['sid=k'], 'k', []],
    [['a=1; sid=k; b=2'], 'k', ['Cookie', 'a=1; b=2']],
    [['sid=k; b=2'], 'k', ['Cookie', 'b=2']],
    [['a=1', 'sid=k=='], 'k==', ['Cookie', 'a=1']],
    [['SID=k; xsid=1'], undefined, ['Cookie', 'SID=k; xsid=1']],
  ])('%s', (cookies, key, rest) => {
    const exchange = exchangeOf({ headers: cookies.flatMap((cookie) => ['Cookie', cookie]) })
    expect(access.read(exchange)).toBe(key)
    access.remove(exchange)
    expect(exchange.headers).toEqual(rest)
  })
  it('is not chosen from several', () => {
    const exchange = exchangeOf({ headers: ['Cookie', 'sid=a; x=1', 'Cookie', 'sid=a'] })
    expect(access.read(exchange)).toBe(twice)
    access.remove(exchange)
    expect(exchange.headers).toEqual(['Cookie', 'x=1'])
  })
})

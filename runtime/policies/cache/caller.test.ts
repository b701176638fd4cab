import { expect, test } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Consumer } from '../../core/consumer.ts'
import { callerOf } from './caller.ts'
import { nothingAsked } from './request.ts'

const audience = (claims: Consumer['claims'], more: Partial<Consumer> = {}): string | undefined => {
  const exchange = exchangeOf()
  exchange.consumer = { id: 'alice', roles: [], scopes: [], claims, ...more }
  return callerOf(exchange, nothingAsked(), true, 'auto').own
}

test('a renewed token is the same caller', () => {
  const first = audience({ iss: 'i', tenant: 't', exp: 1, iat: 1, nbf: 1, jti: 'a' })
  expect(audience({ tenant: 't', iss: 'i', exp: 2, iat: 2, nbf: 2, jti: 'b' })).toBe(first)
})

test('another issuer, tenant, plan, role or scope is another caller', () => {
  const others = [
    audience({ iss: 'i', tenant: 't' }),
    audience({ iss: 'j', tenant: 't' }),
    audience({ iss: 'i', tenant: 'u' }),
    audience({ iss: 'i', tenant: 't' }, { plan: 'gold' }),
    audience({ iss: 'i', tenant: 't' }, { roles: ['admin'] }),
    audience({ iss: 'i', tenant: 't' }, { scopes: ['write'] }),
  ]
  expect(new Set(others).size).toBe(others.length)
})

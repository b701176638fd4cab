import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Consumer } from '../../core/consumer.ts'
import { Rejection } from '../../core/rejection.ts'
import { type AuthorizeOptions, authorize } from './authorize.ts'

const ok = { status: 200, headers: [], body: null }
const ada: Consumer = {
  id: 'ada',
  roles: ['reader'],
  scopes: ['orders.read'],
  claims: { org: { id: 7 }, accounts: ['a 1', 'a2', 12, 2 ** 60], plan: 'gold', on: true },
}

function statusOf(
  options: Partial<AuthorizeOptions>,
  consumer: Consumer | undefined = ada,
  pathValues: string[] = [],
): number {
  const exchange = exchangeOf({ pathValues })
  exchange.consumer = consumer
  const all = { roles: [], scopes: [], claims: {}, match: 'all', owner: [], verifiers: [], ...options } as const
  try {
    return (authorize(all)(() => ok)(exchange) as { status: number }).status
  } catch (error) {
    if (error instanceof Rejection) return error.status
    throw error
  }
}

describe('authorize', () => {
  it.each<[Partial<AuthorizeOptions>, number]>([
    [{}, 200],
    [{ roles: ['reader'] }, 200],
    [{ roles: ['reader', 'admin'] }, 403],
    [{ roles: ['reader', 'admin'], match: 'any' }, 200],
    [{ roles: ['admin'], match: 'any' }, 403],
    [{ roles: ['reader'], scopes: ['orders.write'] }, 403],
    [{ roles: ['admin'], scopes: ['orders.read'], match: 'any' }, 200],
    [{ claims: { plan: ['silver', 'gold'] } }, 200],
    [{ claims: { plan: ['silver'] } }, 403],
    [{ claims: { 'org.id': [7] } }, 200],
    [{ claims: { 'org.id': ['7'] } }, 403],
    [{ claims: { on: [true] } }, 200],
    [{ claims: { accounts: ['a2'] } }, 200],
    [{ claims: { missing: [true] } }, 403],
    [{ claims: { 'constructor.name': ['Object'] } }, 403],
    [{ claims: { plan: ['gold'] }, roles: ['admin'], match: 'any' }, 200],
  ])('%j: %i', (options, status) => {
    expect(statusOf(options)).toBe(status)
  })

  it.each<[string, number]>([
    ['a2', 200],
    ['a%201', 200],
    ['%612', 200],
    ['12', 200],
    ['a3', 403],
    ['a', 403],
    ['a2%00', 403],
    ['%zz', 403],
    ['1152921504606846976', 403],
    ['', 403],
  ])('the owner of %s: %i', (value, status) => {
    const owner = [{ index: 0, claim: 'accounts' }]
    expect(statusOf({ owner }, ada, [value])).toBe(status)
    expect(statusOf({ owner, roles: ['reader'], match: 'any' }, ada, [value])).toBe(status)
  })

  it('owning nothing is owning no path', () => {
    const matrix = [{ index: 0, claim: 'accounts', prefix: ';id=' }]
    expect([';id=a2', ';id=a9', 'a2', ';id='].map((value) => statusOf({ owner: matrix }, ada, [value]))).toEqual([
      200, 403, 403, 403,
    ])
    expect(statusOf({ owner: [{ index: 0, claim: 'missing' }] }, ada, ['undefined'])).toBe(403)
    expect(statusOf({ owner: [{ index: 1, claim: 'accounts' }] }, ada, ['a2'])).toBe(403)
  })

  it('nobody is asked to say who it is', () => {
    const exchange = exchangeOf()
    const policy = authorize({ roles: [], scopes: [], claims: {}, match: 'all', owner: [], verifiers: [] })
    expect(() => policy(() => ok)(exchange)).toThrow(expect.objectContaining({ kind: 'unauthorized' }))
    expect(exchange.events).toEqual([{ policy: 'authorize', event: 'anonymous' }])
  })
})

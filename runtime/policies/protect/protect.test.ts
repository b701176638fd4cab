import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Next } from '../../core/policy.ts'
import { Rejection } from '../../core/rejection.ts'
import { guard } from '../../protect/guard.ts'
import { protect } from './protect.ts'

const ok: Next = () => ({ status: 200, headers: [], body: null })
const say = (): void => {}

describe('protect', () => {
  it('costs nothing where only lists are written', () => {
    expect(protect(guard({ allow: [], block: ['192.0.2.1'], suspendAfter: {} }))(ok)).toBe(ok)
  })

  it('turns a suspended consumer away, and counts it', () => {
    const rule = { count: 2, windowMs: 60_000, forMs: 60_000 }
    const handle = protect(guard({ allow: [], block: [], suspendAfter: { enumeration: rule } }, { say }))(ok)
    const ask = (value: string): [number, readonly string[]] => {
      const exchange = exchangeOf({ pathValues: [value] })
      exchange.consumer = { id: 'acme', roles: [], scopes: [], claims: {} }
      try {
        return [(handle(exchange) as { status: number }).status, []]
      } catch (error) {
        if (!(error instanceof Rejection)) throw error
        return [error.status, exchange.events?.map(({ event }) => event) ?? []]
      }
    }
    expect([ask('1'), ask('1'), ask('2'), ask('1')]).toEqual([
      [200, []],
      [200, []],
      [200, []],
      [429, ['suspended']],
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { Ledger } from './ledger.ts'

interface Budget {
  left: number
}

const ledgerOf = (capacity: number): Ledger<Budget> =>
  new Ledger<Budget>({ remaining: ({ left }) => left, horizonMs: 100, capacity })
const fresh = (): Budget => ({ left: 10 })

describe('Ledger', () => {
  it('remembers a caller for a horizon after their last request, and not much longer', () => {
    const ledger = ledgerOf(10)
    ledger.of('a', 0, fresh).left = 3
    for (let now = 90; now < 2000; now += 90) expect(ledger.of('a', now, fresh).left).toBe(3)
    ledger.of('b', 2080, fresh)
    ledger.of('b', 2190, fresh)
    ledger.of('b', 2300, fresh)
    expect(ledger.size).toBe(1)
    expect(ledger.of('a', 2300, fresh).left).toBe(10)
  })

  it('drops everything at once after two quiet horizons', () => {
    const ledger = ledgerOf(10)
    ledger.of('a', 0, fresh).left = 0
    expect(ledger.of('a', 10_000, fresh).left).toBe(10)
    expect(ledger.size).toBe(1)
  })

  it('never holds more than its capacity', () => {
    const ledger = ledgerOf(50)
    for (let i = 0; i < 10_000; i++) {
      ledger.of(`k${i % 700}`, i / 10, fresh)
      expect(ledger.size).toBeLessThanOrEqual(50)
    }
  })

  it('keeps who has been limited while strangers with full budgets pass through', () => {
    const ledger = ledgerOf(100)
    for (let i = 0; i < 20; i++) ledger.of(`limited${i}`, 0, fresh).left = 0
    for (let i = 0; i < 5000; i++) ledger.of(`stranger${i}`, 1, fresh).left = 9
    for (let i = 0; i < 20; i++) expect(ledger.of(`limited${i}`, 2, fresh).left).toBe(0)
  })
})

import { expect, it } from 'vitest'
import type { Exchange } from '../../core/exchange.ts'
import { timeout } from './timeout.ts'

it('hands its times to the upstream and waits for nothing itself', () => {
  const times = { connect: 100, firstByte: 200, idle: 300, total: 0 }
  const exchange = { timeouts: undefined } as Exchange
  const answer = { status: 200, headers: [], body: null }
  expect(timeout(times)(() => answer)(exchange)).toBe(answer)
  expect(exchange.timeouts).toBe(times)
})

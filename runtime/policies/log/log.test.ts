import { expect, it } from 'vitest'
import type { Exchange } from '../../core/exchange.ts'
import { log } from './log.ts'

it('tells the server what to do with the line, names compared without case', () => {
  const exchange = { logging: undefined } as Exchange
  const answer = { status: 200, headers: [], body: null }
  const policy = log({ access: 'json', sample: 0.1, redact: { headers: ['User-Agent'], query: ['Email'] } })
  expect(policy(() => answer)(exchange)).toBe(answer)
  expect(exchange.logging).toEqual({
    access: 'json',
    sample: 0.1,
    redactHeaders: new Set(['user-agent']),
    redactQuery: new Set(['email']),
  })
})

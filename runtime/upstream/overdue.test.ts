import { expect, test } from 'vitest'
import { overdue, type Phase } from './overdue.ts'

const times = { connect: 10, firstByte: 20, idle: 30, total: 100 }
const call = (phase: Phase, quiet: number, more: object = {}) =>
  overdue({ phase, startedAt: 0, activeAt: 50 - quiet, isStreamed: false, isHeldBack: false, ...more }, times, 50)

test.each<[Phase, number, string | undefined]>([
  ['waiting', 11, 'no free connection in time'],
  ['connecting', 11, 'no connection in time'],
  ['connecting', 10, undefined],
  ['sending', 31, 'the upstream stopped reading'],
  ['sending', 21, undefined],
  ['sent', 21, 'no answer in time'],
  ['sent', 11, undefined],
  ['receiving', 31, 'the answer stopped'],
  ['reading', 999, undefined],
  ['over', 999, undefined],
])('%s for %d: %s', (phase, quiet, expected) => {
  expect(call(phase, quiet)).toBe(expected)
})

test('bodies that the client holds back are nobody’s fault', () => {
  expect(call('receiving', 999, { isHeldBack: true, startedAt: -51 })).toBe('not done in time')
  expect(call('receiving', 999, { isHeldBack: true, isStreamed: true, startedAt: -999 })).toBeUndefined()
})

test('the total ends what moves but does not end, unless it is streamed', () => {
  expect(call('receiving', 0, { startedAt: -51 })).toBe('not done in time')
  expect(call('receiving', 0, { startedAt: -51, isStreamed: true })).toBeUndefined()
})

test('0 switches a time off', () => {
  const off = { connect: 0, firstByte: 0, idle: 0, total: 0 }
  const call = { phase: 'sent', startedAt: 0, activeAt: 0, isStreamed: false, isHeldBack: false } as const
  expect(overdue(call, off, 1e9)).toBeUndefined()
})

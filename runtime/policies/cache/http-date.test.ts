import { expect, test } from 'vitest'
import { readHttpDate } from './http-date.ts'

const now = Date.UTC(2026, 0, 1)

test.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  ['SUN, 06 NOV 1994 08:49:37 gmt', '1994-11-06T08:49:37.000Z'],
  ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  ['Thursday, 18-Aug-50 02:01:18 GMT', '2050-08-18T02:01:18.000Z'],
  ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
])('%s', (text, iso) => {
  expect(new Date(readHttpDate(text, now)!).toISOString()).toBe(iso)
})

test.each([
  '0',
  '',
  'Thu, 18 Aug 2050 02:01:18 UTC',
  'Thu, 18 Aug 50 02:01:18 GMT',
  'Thu 18 Aug 2050 02:01:18 GMT',
  'Thu, 18  Aug  2050 02:01:18 GMT',
  'Thu, 18-Aug-2050 02:01:18 GMT',
  'Thu, 18 Aug 2050 2:01:18 GMT',
  'Thu, 31 Feb 2050 02:01:18 GMT',
  'Thu, 18 Aug 2050 25:01:18 GMT',
  '2050-08-18T02:01:18Z',
])('%s is no date', (text) => {
  expect(readHttpDate(text, now)).toBeUndefined()
})

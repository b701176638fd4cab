import { expect, test } from 'vitest'
import { readControl } from './control.ts'
import { initialAge, lifetimeOf } from './freshness.ts'

const arrival = Date.UTC(2026, 0, 1, 12)
const times = { request: arrival, response: arrival }
const date = (seconds: number): string => new Date(arrival + seconds * 1000).toUTCString()

const lifetime = (fields: string[], ttl?: number, status = 200) =>
  lifetimeOf(status, fields, readControl(fields), times, ttl)

test.each<[string, string[], number, string]>([
  ['s-maxage before max-age', ['Cache-Control', 'max-age=1, s-maxage=9'], 9, 'explicit'],
  ['max-age before Expires', ['Cache-Control', 'max-age=9', 'Expires', date(-10)], 9, 'explicit'],
  ['Expires minus Date', ['Expires', date(30), 'Date', date(10)], 20, 'explicit'],
  ['Expires without Date', ['Expires', date(30)], 30, 'explicit'],
  ['an Expires that is no date', ['Expires', '0', 'Last-Modified', date(-1000)], 0, 'explicit'],
  ['two Expires that differ', ['Expires', date(30), 'Expires', date(60)], 0, 'explicit'],
  ['a max-age that is no number', ['Cache-Control', 'max-age=1h', 'Expires', date(30)], 0, 'explicit'],
  ['a tenth of the time since Last-Modified', ['Last-Modified', date(-1000)], 100, 'heuristic'],
  ['a day at most', ['Last-Modified', date(-100 * 86_400)], 86_400, 'heuristic'],
  ['nothing', ['ETag', '"a"'], 0, 'nobody'],
  ['CDN-Cache-Control first', ['CDN-Cache-Control', 'max-age=9', 'Cache-Control', 'max-age=1'], 9, 'explicit'],
  ['without Expires beside it', ['CDN-Cache-Control', 'foo', 'Expires', date(30)], 0, 'nobody'],
  ['Cache-Control where it does not parse', ['CDN-Cache-Control', 'Max-Age=9', 'Cache-Control', 'max-age=1'], 1, 'explicit'], // biome-ignore format: a table
])('%s', (_, fields, seconds, said) => {
  expect(lifetime(fields)).toEqual({ seconds, said })
})

test('a TTL is for answers that say nothing, and not for errors', () => {
  expect(lifetime(['Last-Modified', date(-1000)], 30)).toEqual({ seconds: 30, said: 'ttl' })
  expect(lifetime(['Cache-Control', 'max-age=0'], 30)).toEqual({ seconds: 0, said: 'explicit' })
  expect(lifetime([], 30, 404)).toEqual({ seconds: 0, said: 'nobody' })
  expect(lifetime([], 30, 500)).toEqual({ seconds: 0, said: 'nobody' })
})

test('other statuses are guessed at only where they are public', () => {
  const fields = ['Last-Modified', date(-1000)]
  expect(lifetime(fields, undefined, 201).said).toBe('nobody')
  expect(lifetime([...fields, 'Cache-Control', 'public'], undefined, 599).said).toBe('heuristic')
})

test.each<[string, string[], number]>([
  ['Age', ['Age', '30'], 32],
  ['the first of several', ['Age', '7, 30', 'Age', '1'], 9],
  ['no number', ['Age', 'abc'], 2],
  ['a negative one', ['Age', '-5'], 2],
  ['a fraction', ['Age', '30.0'], 2],
  ['a Date that is long ago', ['Age', '30', 'Date', date(-100)], 100],
  ['a Date in the future', ['Date', date(100)], 2],
])('the age on arrival, two seconds on the way: %s', (_, fields, age) => {
  expect(initialAge(fields, { request: arrival - 2000, response: arrival })).toBe(age)
})

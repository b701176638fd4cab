import { expect, test } from 'vitest'
import { everybody } from './bucket.ts'
import { CacheStore } from './cache-store.ts'
import { matching, select } from './select.ts'
import { readArrival, storedResponse } from './stored-response.ts'

const now = Date.UTC(2026, 0, 1)

function response(bytes: number, fields: string[] = [], at = now) {
  const all = ['Cache-Control', 'max-age=60', 'Date', new Date(at).toUTCString(), ...fields]
  return storedResponse(readArrival(200, all, { request: at, response: at }, undefined), Buffer.alloc(bytes))
}

function filled(store: CacheStore, path: string, bytes: number) {
  const bucket = store.open(path, '')
  store.put(bucket, response(bytes), everybody, [])
  store.release(bucket)
}

test('the budget holds, whatever is stored', () => {
  const store = new CacheStore(100_000)
  for (let i = 0; i < 1000; i++) filled(store, `/${i}`, (i * 37) % 20_000)
  expect(store.bytes).toBeLessThanOrEqual(100_000)
  expect(store.bytes).toBeGreaterThan(50_000)
})

test('empty answers count as well: nobody fills the memory with small ones', () => {
  const store = new CacheStore(100_000)
  for (let i = 0; i < 1000; i++) filled(store, `/${i}`, 0)
  const kept = Array.from({ length: 1000 }, (_, i) => store.find(`/${i}`, '')).filter((bucket) => bucket !== undefined)
  expect(kept.length).toBeLessThan(100)
})

test('what is larger than half of the budget is not stored', () => {
  const store = new CacheStore(10_000)
  filled(store, '/a', 6000)
  expect([store.bytes, store.find('/a', '')]).toEqual([0, undefined])
})

test('one target has so many variants and no more', () => {
  const store = new CacheStore(10_000_000)
  const bucket = store.open('/a', '')
  for (let i = 0; i < 500; i++) store.put(bucket, response(10, ['Vary', 'X'], now + i), everybody, ['X', String(i)])
  expect(bucket.count).toBe(64)
  expect(select(bucket, ['X', '499'], [everybody])).toBeDefined()
  expect(select(bucket, ['X', '0'], [everybody])).toBeUndefined()
})

test('of several responses that match, the most recent is used', () => {
  const store = new CacheStore(1_000_000)
  const bucket = store.open('/a', '')
  store.put(bucket, response(1, ['Vary', 'X'], now + 1000), everybody, ['X', '1'])
  store.put(bucket, response(2), everybody, ['X', '1'])
  expect(select(bucket, ['X', '1'], [everybody])!.response.body.length).toBe(1)
  expect(matching(bucket, ['X', '1'], [everybody]).map((entry) => entry.response.body.length)).toEqual([1, 2])
})

test('nobody is given what is for another audience', () => {
  const store = new CacheStore(1_000_000)
  const bucket = store.open('/a', '')
  store.put(bucket, response(1), 'ann', [])
  expect(select(bucket, [], [everybody, 'bob'])).toBeUndefined()
  expect(select(bucket, [], [everybody, 'ann'])).toBeDefined()
})

test('invalidation forgets every query of a path and nothing else', () => {
  const store = new CacheStore(1_000_000)
  for (const [path, query] of [
    ['/a', ''],
    ['/a', 'x=1'],
    ['/ab', ''],
  ] as const) {
    store.put(store.open(`h ${path}`, query), response(1), everybody, [])
  }
  store.invalidate(false, 'H', '/a')
  expect([store.find('h /a', ''), store.find('h /a', 'x=1')]).toEqual([undefined, undefined])
  expect(store.find('h /ab', '')).toBeDefined()
})

test('a response in another language than was wished, where it is what is wished most now', () => {
  const store = new CacheStore(1_000_000)
  const bucket = store.open('/a', '')
  store.put(bucket, response(1, ['Vary', 'Accept-Language', 'Content-Language', 'de']), everybody, [
    'Accept-Language',
    'en, de',
  ])
  expect(select(bucket, ['Accept-Language', 'fr;q=0.5, de'], [everybody])).toBeDefined()
  expect(select(bucket, ['Accept-Language', 'fr, de;q=0.5'], [everybody])).toBeUndefined()
})

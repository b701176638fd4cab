import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { fieldValue } from '../../core/headers.ts'
import { reject } from '../../core/rejection.ts'
import { cache, cacheStore } from './cache.ts'
import { rig } from './rig.test-support.ts'

test('the factories make a policy on a store', () => {
  expect(cacheStore({ maxBytes: 1 }).maxBytes).toBe(1)
  expect(cache).toHaveLength(1)
})

describe('a hit', () => {
  test('comes at once, with Age and Cache-Status, the same bytes, no request', async () => {
    const it = rig()
    expect((await it.ask()).field('cache-status')).toBe('specgate; fwd=uri-miss; fwd-status=200; stored')
    it.wait(20)
    expect(it.handle()).not.toBeInstanceOf(Promise)
    const hit = await it.ask()
    expect([hit.body, hit.field('age'), hit.field('cache-status')]).toEqual(['body', '20', 'specgate; hit; ttl=40'])
    expect(it.arrived).toHaveLength(1)
  })

  test('has the text of its body ready once it is asked for often', async () => {
    const it = rig()
    await it.ask()
    const hits = [await it.handle(), await it.handle(), await it.handle()]
    expect(hits.map(({ text }) => text?.text)).toEqual([undefined, 'body', 'body'])
    expect(hits[2]?.text?.bytes).toBe(hits[2]?.body)
  })

  test('is found by each of several values of a field in the key', async () => {
    const it = rig({ key: { query: 'all', headers: ['accept'], consumer: 'auto' } })
    const values = ['a', 'b', 'a', 'b', 'b', 'a']
    for (const value of values) await it.ask({ headers: ['Accept', value] })
    expect(it.arrived.map(({ headers }) => headers)).toEqual([
      ['Accept', 'a'],
      ['Accept', 'b'],
    ])
  })

  test('is not changed by what later policies do to the last one', async () => {
    const it = rig()
    await it.ask()
    const first = await it.handle()
    first.headers.push('X-Client', 'one')
    expect((await it.ask()).field('x-client')).toBeUndefined()
  })

  test('ends with its lifetime', async () => {
    const it = rig()
    await it.ask()
    it.wait(61)
    await it.ask()
    expect(it.arrived).toHaveLength(2)
  })

  test('answers HEAD by the stored GET, with its length', async () => {
    const it = rig()
    await it.ask()
    const head = await it.ask({ method: 'HEAD' })
    expect([head.status, head.body, head.field('content-length')]).toEqual([200, '', '4'])
    expect(it.arrived).toHaveLength(1)
  })

  test('without status says nothing of the cache', async () => {
    const it = rig({ status: false })
    expect((await it.ask()).field('cache-status')).toBeUndefined()
    expect((await it.ask()).field('cache-status')).toBeUndefined()
    expect(it.arrived).toHaveLength(1)
  })
})

describe('the key', () => {
  test.each([
    [{ query: 'a=1' }, { query: 'a=2' }],
    [{ path: '/a' }, { path: '/b' }],
    [{ host: 'a.example' }, { host: 'b.example' }],
    [{}, { headers: ['X-Forwarded-Prefix', '/evil'] }],
    [{}, { headers: ['X-Original-URL', '/admin'] }],
  ])('tells %o from %o', async (one, other) => {
    const it = rig()
    await it.ask(one)
    await it.ask(other)
    expect(it.arrived).toHaveLength(2)
  })

  test('a parameter that is not declared keeps a request out of the cache', async () => {
    const it = rig({ key: { query: ['a'], headers: [], consumer: 'auto' } })
    await it.ask({ query: 'a=1' })
    it.upstream = () => ({ body: 'poison' })
    const other = await it.ask({ query: 'a=1&evil=1' })
    expect([other.body, other.field('cache-status')]).toEqual([
      'poison',
      'specgate; fwd=bypass; fwd-status=200; detail=undeclared-query',
    ])
    expect((await it.ask({ query: 'a=1' })).body).toBe('body')
  })

  test('a GET that another method hides behind is not for the cache', async () => {
    const it = rig()
    await it.ask()
    await it.ask({ headers: ['X-HTTP-Method-Override', 'DELETE'] })
    expect(it.arrived).toHaveLength(2)
  })

  test('holds the headers that the document names', async () => {
    const it = rig({ key: { query: 'all', headers: ['x-region'], consumer: 'auto' } })
    await it.ask({ headers: ['X-Region', 'eu'] })
    await it.ask({ headers: ['X-Region', 'us'] })
    await it.ask({ headers: ['x-region', 'eu'] })
    expect(it.arrived).toHaveLength(2)
  })

  test('holds every header that may shape an answer, where the upstream cannot be expected to name them', async () => {
    const it = rig({ mode: 'ttl', ttl: 60, key: { query: 'all', headers: 'all', consumer: 'auto' } })
    it.upstream = () => ({ headers: [] })
    await it.ask({ headers: ['Accept', 'a/b, c/d', 'User-Agent', 'x', 'X-Request-Id', '1'] })
    await it.ask({ headers: ['accept', 'a/b,c/d', 'User-Agent', 'y', 'X-Request-Id', '2'] })
    expect(it.arrived).toHaveLength(1)
    for (const name of ['X-Evil', 'Accept-Encoding', 'Accept-Language', 'Origin']) {
      await it.ask({ headers: ['Accept', 'a/b,c/d', name, 'evil'] })
    }
    expect(it.arrived).toHaveLength(5)
  })

  test('Vary keeps variants beside each other', async () => {
    const it = rig()
    it.upstream = ({ headers }) => ({
      headers: ['Cache-Control', 'max-age=60', 'Vary', 'Accept-Language'],
      body: fieldValue(headers, 'accept-language') ?? 'none',
    })
    for (const language of ['en', 'de', 'EN', 'de']) {
      expect((await it.ask({ headers: ['Accept-Language', language] })).body).toBe(language.toLowerCase())
    }
    expect((await it.ask()).body).toBe('none')
    expect(it.arrived).toHaveLength(3)
  })
})

describe('credentials', () => {
  const secured = { authenticated: true } as const

  test('each consumer has its own answers', async () => {
    const it = rig(secured)
    it.upstream = ({ consumer }) => ({ body: consumer!.id })
    expect((await it.ask({ consumer: 'ann' })).body).toBe('ann')
    const other = await it.ask({ consumer: 'bob' })
    // Nor is bob told that somebody else has asked for it.
    expect([other.body, other.field('cache-status')]).toEqual(['bob', 'specgate; fwd=uri-miss; fwd-status=200; stored'])
    expect((await it.ask({ consumer: 'ann' })).body).toBe('ann')
    expect(it.arrived).toHaveLength(2)
  })

  test('an answer that allows it is shared', async () => {
    const it = rig(secured)
    it.upstream = () => ({ headers: ['Cache-Control', 'public, max-age=60'] })
    await it.ask({ consumer: 'ann' })
    await it.ask({ consumer: 'bob' })
    await it.ask()
    expect(it.arrived).toHaveLength(1)
  })

  test('always: not even that one', async () => {
    const it = rig({ ...secured, key: { query: 'all', headers: [], consumer: 'always' } })
    it.upstream = () => ({ headers: ['Cache-Control', 'public, max-age=60'] })
    for (const consumer of ['ann', 'bob', 'ann']) await it.ask({ consumer })
    expect(it.arrived).toHaveLength(2)
  })

  test.each(['auto', 'never'] as const)('nobody known: only what may be shared is kept (%s)', async (consumer) => {
    const it = rig({ ...secured, key: { query: 'all', headers: [], consumer } })
    await it.ask({ headers: ['X-API-Key', 'a'] })
    const other = await it.ask({ headers: ['X-API-Key', 'b'] })
    expect([it.arrived.length, other.field('cache-status')]).toEqual([
      2,
      'specgate; fwd=uri-miss; fwd-status=200; detail=authenticated',
    ])
  })

  test('an Authorization field counts as well where the document asks for nothing', async () => {
    const it = rig()
    await it.ask({ headers: ['Authorization', 'Basic YTpi'] })
    await it.ask()
    expect(it.arrived).toHaveLength(2)
  })

  test('what a client with cookies got is for it alone', async () => {
    const it = rig()
    await it.ask({ headers: ['Cookie', 'session=1'] })
    await it.ask()
    await it.ask({ headers: ['Cookie', 'session=1'] })
    expect(it.arrived).toHaveLength(2)
  })
})

describe('validation', () => {
  const etag = ['Cache-Control', 'max-age=60', 'ETag', '"1"', 'X-A', 'old', 'X-B', 'old']

  test('a 304 makes the stored answer fresh again and brings its fields', async () => {
    const it = rig()
    it.upstream = () => ({ headers: etag })
    await it.ask()
    it.wait(61)
    it.upstream = () => ({ status: 304, headers: ['ETag', '"1"', 'X-A', 'new', 'Set-Cookie', 'a=b'], body: null })
    const validated = await it.ask()
    expect(fieldValue(it.arrived[1]!.headers, 'if-none-match')).toBe('"1"')
    expect([validated.status, validated.body, validated.field('x-a'), validated.field('x-b')]).toEqual([
      200,
      'body',
      'new',
      'old',
    ])
    expect(validated.field('cache-status')).toBe('specgate; fwd=stale; fwd-status=304; stored')
    expect(validated.field('set-cookie')).toBe('a=b')
    const hit = await it.ask()
    expect([hit.field('x-a'), hit.field('set-cookie'), it.arrived.length]).toEqual(['new', undefined, 2])
  })

  test('a 304 that forbids it is the last use', async () => {
    const it = rig()
    it.upstream = () => ({ headers: etag })
    await it.ask()
    it.wait(61)
    it.upstream = () => ({ status: 304, headers: ['ETag', '"1"', 'Cache-Control', 'private'], body: null })
    expect((await it.ask()).body).toBe('body')
    expect(it.store.bytes).toBeLessThan(1200)
    it.upstream = () => ({ body: 'another' })
    expect((await it.ask()).body).toBe('another')
  })

  test('a 304 about something else is asked again, without conditions', async () => {
    const it = rig()
    it.upstream = () => ({ headers: etag })
    await it.ask()
    it.wait(61)
    it.upstream = ({ headers }) =>
      fieldValue(headers, 'if-none-match') === undefined
        ? { body: 'whole' }
        : { status: 304, headers: ['ETag', '"9"'], body: null }
    expect((await it.ask()).body).toBe('whole')
  })

  test('the client’s own conditions are answered from the store', async () => {
    const it = rig()
    it.upstream = () => ({ headers: [...etag, 'Content-Type', 'text/plain'] })
    await it.ask()
    const same = await it.ask({ headers: ['If-None-Match', '"0", W/"1"'] })
    expect([same.status, same.body, same.field('etag'), same.field('content-type')]).toEqual([
      304,
      '',
      '"1"',
      undefined,
    ])
    expect((await it.ask({ headers: ['If-None-Match', '"0"'] })).status).toBe(200)
    expect(it.arrived).toHaveLength(1)
  })

  test('ranges are cut from the stored whole', async () => {
    const it = rig()
    it.upstream = () => ({ headers: etag, body: '0123456789' })
    await it.ask()
    const part = await it.ask({ headers: ['Range', 'bytes=2-4', 'If-Range', '"1"'] })
    expect([part.status, part.body, part.field('content-range')]).toEqual([206, '234', 'bytes 2-4/10'])
    const changed = await it.ask({ headers: ['Range', 'bytes=2-4', 'If-Range', '"2"'] })
    expect([changed.status, changed.body]).toEqual([200, '0123456789'])
    const beyond = await it.ask({ headers: ['Range', 'bytes=10-'] })
    expect([beyond.status, beyond.field('content-range')]).toEqual([416, 'bytes */10'])
    expect(it.arrived).toHaveLength(1)
  })

  test('a part is never kept as the whole', async () => {
    const it = rig()
    it.upstream = () => ({ status: 206, headers: [...etag, 'Content-Range', 'bytes 0-1/10'], body: '01' })
    await it.ask({ headers: ['Range', 'bytes=0-1'] })
    it.upstream = () => ({ headers: etag, body: '0123456789' })
    expect((await it.ask()).body).toBe('0123456789')
  })

  test('only-if-cached is 504 without a stored answer', async () => {
    const it = rig()
    const only = { headers: ['Cache-Control', 'only-if-cached'] }
    await expect(async () => it.ask(only)).rejects.toMatchObject({ kind: 'only-if-cached' })
    await it.ask()
    expect((await it.ask(only)).status).toBe(200)
  })

  test('HEAD brings a stored answer up to date, or ends it', async () => {
    const it = rig()
    it.upstream = () => ({ headers: etag })
    await it.ask()
    it.wait(61)
    it.upstream = () => ({ headers: ['Cache-Control', 'max-age=60', 'ETag', '"1"', 'X-A', 'new'], body: null })
    await it.ask({ method: 'HEAD' })
    expect([(await it.ask()).field('x-a'), it.arrived.length]).toEqual(['new', 2])
    it.wait(61)
    it.upstream = () => ({ headers: ['ETag', '"2"'], body: null })
    await it.ask({ method: 'HEAD' })
    it.upstream = () => ({ body: 'changed' })
    expect((await it.ask()).body).toBe('changed')
    expect(fieldValue(it.arrived.at(-1)!.headers, 'if-none-match')).toBeUndefined()
  })
})

describe('stale answers', () => {
  test('are used while one request fetches a new one', async () => {
    const it = rig({ staleWhileRevalidate: 30 })
    await it.ask()
    it.wait(70)
    it.upstream = () => ({ body: 'new' })
    const stale = await Promise.all(Array.from({ length: 50 }, () => it.ask()))
    expect(new Set(stale.map(({ body }) => body))).toEqual(new Set(['body']))
    expect(stale[0]!.field('cache-status')).toBe('specgate; hit; ttl=-10; detail=while-revalidating')
    expect([it.arrived.length, (await it.ask()).body]).toEqual([2, 'new'])
  })

  test('stand in for errors, as long as they may', async () => {
    const it = rig({ staleIfError: 30 })
    await it.ask()
    it.wait(70)
    it.upstream = () => ({ status: 503 })
    const stale = await it.ask()
    expect([stale.status, stale.field('cache-status')]).toEqual([
      200,
      'specgate; fwd=stale; fwd-status=503; detail=stale-if-error',
    ])
    it.wait(30)
    expect((await it.ask()).status).toBe(503)
  })

  test('for an upstream that cannot be reached a minute is allowed anyway', async () => {
    const it = rig()
    await it.ask()
    it.wait(100)
    it.upstream = () => {
      throw reject('upstream-unreachable')
    }
    expect((await it.ask()).status).toBe(200)
    it.wait(60)
    await expect(it.ask()).rejects.toMatchObject({ kind: 'upstream-unreachable' })
  })

  test.each(['must-revalidate', 'proxy-revalidate', 's-maxage=60', 'no-cache'])(
    'not where %s forbids it',
    async (word) => {
      const it = rig({ staleIfError: 60, staleWhileRevalidate: 60 })
      it.upstream = () => ({ headers: ['Cache-Control', `max-age=60, ${word}`] })
      await it.ask()
      it.wait(61)
      it.upstream = () => {
        throw reject('upstream-unreachable')
      }
      await expect(it.ask()).rejects.toMatchObject({ kind: 'upstream-unreachable' })
    },
  )
})

describe('mode ttl', () => {
  test('keeps what says nothing, never what says no', async () => {
    const it = rig({ mode: 'ttl', ttl: 30 })
    for (const [headers, requests] of [
      [[], 1],
      [['Cache-Control', 'no-store'], 2],
      [['Cache-Control', 'private'], 2],
      [['Cache-Control', 'max-age=0'], 2],
      [['Set-Cookie', 'a=b'], 2],
    ] as const) {
      it.arrived.length = 0
      it.upstream = () => ({ headers: [...headers] })
      const path = `/${headers.join()}`
      await it.ask({ path })
      await it.ask({ path })
      expect([path, it.arrived.length]).toEqual([path, requests])
    }
  })
})

describe('bodies', () => {
  const streamed = (...chunks: string[]): Readable => Readable.from(chunks.map((chunk) => Buffer.from(chunk)))

  test('that stream are kept when they have ended', async () => {
    const it = rig()
    it.upstream = () => ({
      headers: ['Cache-Control', 'max-age=60', 'Content-Length', '4'],
      body: streamed('ab', 'cd'),
    })
    expect((await it.ask()).body).toBe('abcd')
    expect([(await it.ask()).body, it.arrived.length]).toEqual(['abcd', 1])
  })

  test.each([
    ['shorter than they say', ['Content-Length', '5'], ['ab', 'cd']],
    ['too long, as they say', ['Content-Length', '100000'], ['ab']],
    ['too long, without saying', [], ['a'.repeat(40_000), 'b'.repeat(40_000)]],
  ])('%s are not', async (_, length, chunks) => {
    const it = rig()
    it.upstream = () => ({ headers: ['Cache-Control', 'max-age=60', ...length], body: streamed(...chunks) })
    expect((await it.ask()).body).toBe(chunks.join(''))
    await it.ask()
    expect([it.arrived.length, it.store.copying]).toEqual([2, 0])
  })
})

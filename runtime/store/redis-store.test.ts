import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { hasRedis, RedisServer } from './redis-server.test-support.ts'
import { type RedisStore, redisStore } from './redis-store.ts'
import { StoreError } from './store-error.ts'
import { storeScript } from './store-script.ts'

const open: { server?: RedisServer; stores: RedisStore[] } = { stores: [] }

afterEach(async () => {
  for (const store of open.stores.splice(0)) store.close()
  open.server?.thaw()
  await open.server?.kill()
  delete open.server
})

async function connected(): Promise<{ server: RedisServer; store: RedisStore; said: string[] }> {
  const server = (open.server = await RedisServer.start())
  const said: string[] = []
  const store = storeAt(server.url, said)
  await store.start()
  return { server, store, said }
}

function storeAt(url: string, said: string[] = []): RedisStore {
  const store = redisStore({ name: 'main', service: 'test', url, notice: ({ message }) => said.push(message) })
  open.stores.push(store)
  return store
}

const kindOf = (error: unknown): string => (error instanceof StoreError ? error.kind : String(error))

test.each(['', 'localhost:6379', 'http://127.0.0.1', 'redis://[broken'])('%j is no address', async (url) => {
  await expect(storeAt(url).start()).rejects.toThrow(/redis:\/\/host:6379/)
})

test('a store that is not there keeps nothing from starting, and is told of once', async () => {
  const said: string[] = []
  const store = storeAt('redis://user:hunter2@127.0.0.1:1', said)
  await store.start()
  expect([store.ready(), store.isUp]).toEqual([true, false])
  await expect(store.command('GET', ['a']).catch(kindOf)).resolves.toBe('down')
  await sleep(300)
  expect(said).toEqual(['store main: cannot be reached (ECONNREFUSED); going on without it'])
})

describe.skipIf(!hasRedis)('with redis-server', () => {
  test('commands, bytes and scripts', async () => {
    const { store } = await connected()
    const bytes = Buffer.from([0, 255, 10, 13])
    await store.command('SET', ['a', bytes])
    expect(await store.bytes('GET', ['a'])).toEqual(bytes)
    const script = storeScript('return {KEYS[1], tonumber(ARGV[1]) + 1, false}')
    // Twice: the first time the server does not have it.
    for (let i = 0; i < 2; i++) expect(await store.script(script, ['k'], [41])).toEqual(['specgate:test:k', 42, null])
    await expect(store.command('LPUSH', ['a', 'x']).catch(kindOf)).resolves.toBe('refused')
  })

  test('a store that hangs costs three timeouts, and is used again when it answers', async () => {
    const { server, store, said } = await connected()
    server.freeze()
    for (let i = 0; i < 400; i++) await expect(store.command('GET', ['a']).catch(kindOf)).resolves.toBe('slow')
    expect(store.isUp).toBe(false)
    server.thaw()
    await vi.waitFor(() => expect(store.isUp).toBe(true), 20_000)
    expect(await store.command('GET', ['a'])).toBe(null)
    expect(said).toEqual(['store main: is slow; going on without it', 'store main: is connected'])
  })

  test('what is under way ends with the connection; a new one is made', async () => {
    const { server, store, said } = await connected()
    server.freeze()
    const waiting = store.command('GET', ['a'], 5000).catch(kindOf)
    await server.kill()
    expect(await waiting).toBe('down')
    await server.up()
    await vi.waitFor(() => expect(store.isUp).toBe(true), 20_000)
    expect(said).toEqual(['store main: the connection is lost; going on without it', 'store main: is connected'])
  })

  test('a full store says so', async () => {
    const { store, said } = await connected()
    await store.command('CONFIG', ['SET', 'maxmemory', '1'])
    await expect(store.command('SET', ['a', 'b']).catch(kindOf)).resolves.toBe('full')
    const writing = storeScript("return redis.call('SET', KEYS[1], 'x')")
    await expect(store.script(writing, ['a'], []).catch(kindOf)).resolves.toBe('full')
    expect(said).toEqual(['store main: is full; nothing more is kept in it'])
  })

  test('listeners hear messages, and of every gap', async () => {
    const { server, store } = await connected()
    const heard: string[] = []
    store.subscribe('c', {
      message: (text) => heard.push(text),
      gap: () => heard.push('gap'),
      connected: () => heard.push('connected'),
    })
    await vi.waitFor(() => expect(heard).toEqual(['connected']))
    await store.command('PUBLISH', [`${store.prefix}c`, 'one'])
    await vi.waitFor(() => expect(heard).toEqual(['connected', 'one']))
    await server.kill()
    await vi.waitFor(() => expect(heard.at(-1)).toBe('gap'))
    await server.up()
    await vi.waitFor(() => expect(heard.at(-1)).toBe('connected'), 5000)
    server.freeze()
    await vi.waitFor(() => expect(heard.at(-1)).toBe('gap'), 5000)
  })
})

import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Answer, readAnswer } from '../../core/answer.ts'
import { reject } from '../../core/rejection.ts'
import { rig, type Said } from './rig.test-support.ts'

/** An upstream that answers when it is told to. */
function gate() {
  const waiting: ((said: Said) => void)[] = []
  return {
    upstream: () => new Promise<Said>((resolve) => waiting.push(resolve)),
    open(said: Said = {}) {
      for (const resolve of waiting.splice(0)) resolve(said)
    },
  }
}

test('1,000 concurrent misses are one request', async () => {
  const it = rig()
  const { upstream, open } = gate()
  it.upstream = upstream
  const all = Promise.all(Array.from({ length: 1000 }, () => it.ask()))
  await turn()
  open()
  const got = await all
  expect([it.arrived.length, new Set(got.map(({ body }) => body))]).toEqual([1, new Set(['body'])])
  expect(got.at(-1)!.field('cache-status')).toBe('specgate; fwd=uri-miss; collapsed')
})

test('not where it is switched off', async () => {
  const it = rig({ coalesce: false })
  await Promise.all(Array.from({ length: 5 }, () => it.ask()))
  expect(it.arrived).toHaveLength(5)
})

test('an answer that is not for all: everybody asks at once, and nobody waits the next time', async () => {
  const it = rig()
  const { upstream, open } = gate()
  it.upstream = upstream
  const all = Promise.all(Array.from({ length: 10 }, () => it.ask()))
  await turn()
  open({ headers: ['Cache-Control', 'private'] })
  await turn()
  expect(it.arrived).toHaveLength(10)
  open({ headers: ['Cache-Control', 'private'] })
  await all
  const again = Promise.all(Array.from({ length: 10 }, () => it.ask()))
  await turn()
  expect(it.arrived).toHaveLength(20)
  open()
  await again
})

test('a leader whose client leaves hands over to one other', async () => {
  const it = rig()
  let turns = 0
  it.upstream = async () => {
    await turn()
    if (turns++ === 0) throw reject('bad-request', { cause: 'the client went away' })
    return {}
  }
  const got = await Promise.allSettled(Array.from({ length: 100 }, () => it.ask()))
  expect(got.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(it.arrived).toHaveLength(2)
})

test('an upstream that is down is asked twice, not once per client', async () => {
  const it = rig()
  it.upstream = async () => {
    await turn()
    throw reject('upstream-unreachable')
  }
  const got = await Promise.allSettled(Array.from({ length: 100 }, () => it.ask()))
  expect(got.every(({ status }) => status === 'rejected')).toBe(true)
  expect(it.arrived).toHaveLength(2)
})

test('consumers do not wait for each other, and never get each other’s answer', async () => {
  const it = rig({ authenticated: true })
  it.upstream = async ({ consumer }) => {
    await turn()
    return { body: consumer!.id }
  }
  const names = Array.from({ length: 30 }, (_, at) => `c${at % 3}`)
  const got = await Promise.all(names.map((consumer) => it.ask({ consumer })))
  expect(got.map(({ body }) => body)).toEqual(names)
  expect(it.arrived).toHaveLength(3)
})

test('variants that nobody knew of: one request each', async () => {
  const it = rig()
  it.upstream = async ({ headers }) => {
    await turn()
    return { headers: ['Cache-Control', 'max-age=60', 'Vary', 'Accept-Language'], body: headers[1]! }
  }
  const languages = Array.from({ length: 60 }, (_, at) => ['en', 'de', 'fr'][at % 3]!)
  const got = await Promise.all(languages.map((language) => it.ask({ headers: ['Accept-Language', language] })))
  expect(got.map(({ body }) => body)).toEqual(languages)
  expect(it.arrived).toHaveLength(3)
})

test('stale answers of many clients are validated once', async () => {
  const it = rig()
  const headers = ['Cache-Control', 'max-age=60', 'ETag', '"1"']
  it.upstream = () => ({ headers })
  await it.ask()
  it.wait(61)
  it.upstream = async () => {
    await turn()
    return { status: 304, headers, body: null }
  }
  const got = await Promise.all(Array.from({ length: 50 }, () => it.ask()))
  expect([it.arrived.length, new Set(got.map(({ body }) => body))]).toEqual([2, new Set(['body'])])
})

test('what an unsafe request has overtaken is neither kept nor waited for', async () => {
  const it = rig()
  const { upstream, open } = gate()
  it.upstream = upstream
  const old = it.ask()
  await turn()
  it.store.invalidate(false, 'api.example', '/a')
  const fresh = it.ask()
  await turn()
  expect(it.arrived).toHaveLength(2)
  open({ body: 'old' })
  await Promise.all([old, fresh])
  it.upstream = () => ({ body: 'new' })
  await it.ask()
  expect(it.arrived).toHaveLength(2)
})

test('a body that turns out too long to be kept still reaches all who wait', async () => {
  const it = rig({ maxBody: 10 })
  it.upstream = () => ({
    headers: ['Cache-Control', 'max-age=60'],
    body: Readable.from([Buffer.from('12345'), Buffer.from('67890x')]),
  })
  const got = await Promise.all(Array.from({ length: 20 }, () => it.ask()))
  expect(new Set(got.map(({ body }) => body))).toEqual(new Set(['1234567890x']))
  expect([it.arrived.length, got[0]!.field('cache-status')]).toEqual([
    1,
    'specgate; fwd=uri-miss; fwd-status=200; detail=unsized',
  ])
})

test('nothing is left behind', async () => {
  const it = rig({}, 64 * 1024)
  it.upstream = async ({ path }) => {
    await turn()
    if (path.endsWith('3')) throw reject('upstream-unreachable')
    return { headers: ['Cache-Control', path.endsWith('5') ? 'private' : 'max-age=60'], body: 'x'.repeat(2000) }
  }
  await Promise.allSettled(Array.from({ length: 500 }, (_, at) => it.ask({ path: `/${at >> 1}` })))
  expect(it.store.bytes).toBeLessThanOrEqual(64 * 1024)
  expect(it.store.copying).toBe(0)
})

/** A body that is sent when it is told to. */
function slowBody(): Readable & { say(text: string): void } {
  const body = new Readable({ read() {} })
  return Object.assign(body, { say: (text: string) => void body.push(Buffer.from(text)) })
}

async function firstOf(answer: Answer): Promise<string> {
  const [chunk] = await once(answer.body as Readable, 'data')
  return String(chunk)
}

const restOf = async (answer: Answer): Promise<string> => String(await readAnswer(answer, 1 << 24))

test('who waits streams along, before the body is whole', async () => {
  const it = rig()
  const body = slowBody()
  it.upstream = () => ({ body })
  const asked = Array.from({ length: 20 }, () => Promise.resolve(it.handle()))
  await turn()
  body.say('begin ')
  const answers = await Promise.all(asked)
  expect(it.arrived).toHaveLength(1)
  expect(await Promise.all(answers.map(firstOf))).toEqual(Array.from({ length: 20 }, () => 'begin '))
  // One that comes while it is under way begins at the beginning.
  const late = await it.handle()
  body.say('end')
  body.push(null)
  expect(await Promise.all(answers.map(restOf))).toEqual(Array.from({ length: 20 }, () => 'end'))
  expect(await restOf(late)).toBe('begin end')
  expect((await it.ask()).field('Cache-Status')).toContain('hit')
  expect(it.arrived).toHaveLength(1)
})

test('the first client may leave, and one who reads nothing holds up nobody', async () => {
  const it = rig()
  const body = slowBody()
  it.upstream = () => ({ body })
  const asked = [it.handle(), it.handle(), it.handle()].map((one) => Promise.resolve(one))
  await turn()
  body.say('begin ')
  const [first, idle, last] = await Promise.all(asked)
  ;(first!.body as Readable).destroy()
  await turn()
  body.say('end')
  body.push(null)
  expect(await restOf(last!)).toBe('begin end')
  expect((idle!.body as Readable).readableEnded).toBe(false)
  expect((await it.ask()).body).toBe('begin end')
  expect(it.arrived).toHaveLength(1)
})

test('when all have left the upstream is let go', async () => {
  const it = rig()
  const body = slowBody()
  it.upstream = () => ({ body })
  const asked = [it.handle(), it.handle()].map((one) => Promise.resolve(one))
  await turn()
  body.say('begin ')
  for (const { body: sent } of await Promise.all(asked)) (sent as Readable).on('error', () => {}).destroy()
  await turn()
  expect(body.destroyed).toBe(true)
  expect(it.store.copying).toBe(0)
})

test('what breaks off breaks off for all, and is not kept', async () => {
  const it = rig()
  const body = slowBody()
  it.upstream = () => ({ body })
  const asked = [it.handle(), it.handle()].map((one) => Promise.resolve(one))
  await turn()
  body.say('begin ')
  const answers = await Promise.all(asked)
  const ends = answers.map((answer) => restOf(answer).catch((error: Error) => error.message))
  await turn()
  body.destroy(new Error('gone'))
  expect(await Promise.all(ends)).toEqual(['gone', 'gone'])
  it.upstream = () => ({})
  expect((await it.ask()).field('Cache-Status')).toContain('uri-miss')
})

test('a body past the limit reaches all of them whole, as fast as the slowest reads', async () => {
  const it = rig({ maxBody: 1024 })
  const body = Readable.from(Array.from({ length: 100 }, (_, i) => Buffer.alloc(1000, 65 + (i % 26))))
  it.upstream = () => ({ body })
  const asked = [it.handle(), it.handle(), it.handle()].map((one) => Promise.resolve(one))
  const bodies = await Promise.all((await Promise.all(asked)).map(restOf))
  expect(bodies.map(({ length }) => length)).toEqual([100_000, 100_000, 100_000])
  expect(it.arrived.length).toBeLessThanOrEqual(3)
})

test('whom the answer does not suit asks for itself', async () => {
  const it = rig()
  const bodies: ReturnType<typeof slowBody>[] = []
  it.upstream = () => {
    const body = slowBody()
    bodies.push(body)
    return { headers: ['Cache-Control', 'max-age=60', 'Vary', 'Accept-Language'], body }
  }
  const asked = ['de', 'fr', 'de'].map((one) => Promise.resolve(it.handle({ headers: ['Accept-Language', one] })))
  await turn()
  for (let i = 0; i < 2; i++) {
    bodies[i]?.say(`body ${i}`)
    bodies[i]?.push(null)
    await turn()
    await turn()
  }
  const [one, other, same] = await Promise.all((await Promise.all(asked)).map(restOf))
  expect([one, other, same]).toEqual(['body 0', 'body 1', 'body 0'])
})

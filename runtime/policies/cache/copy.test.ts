import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { CopiedBody, type Copy } from './copy.ts'

interface Copied {
  readonly body: CopiedBody
  readonly whole: () => Copy | 'pending'
}

function copied(source: Readable, limit: number, grow = (): boolean => true): Copied {
  let whole: Copy | 'pending' = 'pending'
  const body = new CopiedBody(source, limit, grow, (bytes) => {
    expect(whole).toBe('pending')
    whole = bytes
  })
  return { body, whole: () => whole }
}

async function read(body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test('what passes is what is kept', async () => {
  const { body, whole } = copied(Readable.from([Buffer.from('ab'), Buffer.from('cd')]), 10)
  expect(await read(body)).toBe('abcd')
  expect(String(whole())).toBe('abcd')
})

test('the copy is whole before a slow client has read anything', async () => {
  const { whole } = copied(Readable.from([Buffer.alloc(200_000), Buffer.alloc(200_000)]), 1_000_000)
  for (let i = 0; i < 10; i++) await turn()
  expect((whole() as Buffer).length).toBe(400_000)
})

test('a longer body streams past, at the pace of its client', async () => {
  let produced = 0
  const source = new Readable({
    read() {
      if (produced === 100) this.push(null)
      else {
        produced++
        this.push(Buffer.alloc(16 * 1024))
      }
    },
  })
  const { body, whole } = copied(source, 32 * 1024)
  for (let i = 0; i < 50; i++) await turn()
  expect(whole()).toBe('given-up')
  expect(produced).toBeLessThan(20)
  let size = 0
  for await (const chunk of body) size += chunk.length
  expect(size).toBe(100 * 16 * 1024)
})

test('a body that breaks off is not kept, and its client sees it', async () => {
  const source = new Readable({ read() {} })
  const { body, whole } = copied(source, 10)
  source.push(Buffer.from('ab'))
  const reading = read(body)
  await turn()
  source.destroy()
  await expect(reading).rejects.toThrow()
  expect(whole()).toBe('broken')
})

test('a client that leaves ends the source', async () => {
  const source = new Readable({ read() {} })
  const { body, whole } = copied(source, 10)
  source.push(Buffer.from('ab'))
  await turn()
  body.destroy()
  await turn()
  expect([source.destroyed, whole()]).toEqual([true, 'broken'])
})

test('no room: nothing is kept', async () => {
  const { body, whole } = copied(Readable.from([Buffer.from('ab')]), 10, () => false)
  expect(await read(body)).toBe('ab')
  expect(whole()).toBe('given-up')
})

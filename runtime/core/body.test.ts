import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { RequestBody } from './body.ts'
import type { Rejection } from './rejection.ts'

const mebibyte = 1024 * 1024
const sent = (bytes: number): PassThrough => {
  const source = new PassThrough()
  for (let left = bytes; left > 0; left -= mebibyte) source.write(Buffer.alloc(Math.min(left, mebibyte)))
  return source
}
const whole = (bytes: number): RequestBody => new RequestBody(sent(bytes).end(), 200 * mebibyte, bytes)

it('refuses bodies that together are more than a process may hold, until others have gone', async () => {
  const held = [whole(60 * mebibyte), whole(60 * mebibyte)]
  for (const body of held) await body.bytes()
  const late = whole(20 * mebibyte)
  const refusal = (await late.bytes().catch((error: unknown) => error)) as Rejection
  expect(refusal).toMatchObject({ status: 503, options: { headers: ['Retry-After', '1'] } })
  for (const body of [...held, late]) body.release()
  // Released once, however often it is said.
  held[0]!.release()
  const next = whole(100 * mebibyte)
  expect((await next.bytes()).length).toBe(100 * mebibyte)
  next.release()
})

it('takes one large body alone, and small ones always', async () => {
  const large = whole(150 * mebibyte)
  expect((await large.bytes()).length).toBe(150 * mebibyte)
  expect((await whole(60_000).bytes()).length).toBe(60_000)
  large.release()
})

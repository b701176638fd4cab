import { expect, test } from 'vitest'
import type { Answer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { onResponse } from './on-response.ts'

test('lets the hook read and replace the body; what described the old bytes goes', async () => {
  const answer: Answer = {
    status: 200,
    headers: ['Content-Type', 'application/json', 'ETag', '"a"', 'Content-Length', '7'],
    body: Buffer.from('{"a":1}'),
  }
  const policy = onResponse(async (response) => {
    const { a } = (await response.json()) as { a: number }
    response.replaceJson({ a: a + 1 })
    response.status = 201
  })
  expect(await policy(() => answer)({} as Exchange)).toEqual({
    status: 201,
    headers: ['Content-Type', 'application/json'],
    body: Buffer.from('{"a":2}'),
  })
})

test('a body that is no JSON is a problem of the upstream', async () => {
  const policy = onResponse(async (response) => {
    await response.json()
  })
  const answer: Answer = { status: 200, headers: [], body: 'no' }
  await expect(policy(() => answer)({} as Exchange)).rejects.toMatchObject({ kind: 'upstream-malformed' })
})

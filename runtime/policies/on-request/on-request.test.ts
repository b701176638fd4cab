import { expect, test } from 'vitest'
import { RequestBody } from '../../core/body.ts'
import { Exchange } from '../../core/exchange.ts'
import { onRequest } from './on-request.ts'

function exchange(): Exchange {
  return new Exchange({
    operation: { id: 'getOrder', method: 'GET', path: '/orders/{id}' },
    method: 'GET',
    path: '/orders/7',
    query: '',
    pathValues: ['7'],
    headers: ['X-A', '1', 'x-a', '2'],
    body: new RequestBody(undefined, 10),
    address: '127.0.0.1',
    requestId: 'r',
    secure: false,
    host: 'h',
  })
}

const ok = { status: 200, headers: [], body: null }

test('gives the hook the request and lets it go on', async () => {
  const seen: unknown[] = []
  const policy = onRequest((request) => {
    seen.push(request.operationId, request.pathValue('id'), request.pathValue('other'), request.header('X-A'))
  })
  expect(await policy(() => ok)(exchange())).toBe(ok)
  expect(seen).toEqual(['getOrder', '7', undefined, '1, 2'])
})

test('sends what the hook answers, and asks nobody else', async () => {
  const policy = onRequest(() => ({ status: 418, json: { tea: true } }))
  const answer = await policy(() => {
    throw new Error('asked')
  })(exchange())
  expect(answer).toEqual({ status: 418, headers: ['Content-Type', 'application/json'], body: '{"tea":true}' })
})

test('refuses fields that would split a message', async () => {
  const policy = onRequest((request) => request.setHeader('X-B', 'a\r\nX-Evil: 1'))
  await expect(policy(() => ok)(exchange())).rejects.toThrow('line end')
  const named = onRequest((request) => request.setHeader('X B', 'a'))
  await expect(named(() => ok)(exchange())).rejects.toThrow('not a field name')
})

import { expect, test } from 'vitest'
import { deferredOperation } from './deferred-operation.ts'
import type { Exchange } from './exchange.ts'
import { defaultBodyLimit, type Operation } from './operation.ts'

const info = { id: 'getThing', method: 'GET', path: '/things/{id}' }
const answer = { status: 204 } as never

test('is put together at the first request, once', () => {
  let made = 0
  const operation = deferredOperation(info, (): Operation => {
    made++
    return { ...info, bodyLimit: 7, handle: () => answer }
  })
  expect(made).toBe(0)
  expect(operation).toMatchObject({ ...info, bodyLimit: defaultBodyLimit })
  for (let i = 0; i < 3; i++) expect(operation.handle({} as Exchange)).toBe(answer)
  expect(made).toBe(1)
})

test('what cannot be put together fails each request, not only the first', () => {
  const operation = deferredOperation({ ...info, bodyLimit: 5 }, () => {
    throw new Error('broken')
  })
  expect(operation.bodyLimit).toBe(5)
  for (let i = 0; i < 2; i++) expect(() => operation.handle({} as Exchange)).toThrow('broken')
})

import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { ConsumerDirectory } from '../../identity/consumers.ts'
import { readConsumers } from '../../identity/read-consumers.ts'
import { apiKey } from './api-key.ts'

const hex = (key: string): string => createHash('sha256').update(key).digest('hex')
const { keys } = readConsumers(
  `consumers: { acme: { keys: [{ sha256: ${hex('good')} }, { sha256: ${hex('old')}, expires: 2030-01-01 }] } }`,
)
const consumers: ConsumerDirectory = { passwordsOf: () => [], byDigest: (digest) => keys.get(digest) }
const options = { scheme: 'k', in: 'header', name: 'X-API-Key', realm: 'a "b"\n', consumers, forward: false } as const

afterEach(() => vi.useRealTimers())

describe('apiKey', () => {
  const verifier = apiKey(options)
  const verdict = (...values: string[]) =>
    verifier.verify(exchangeOf({ headers: values.flatMap((value) => ['x-api-key', value]) }))

  it('verifies a key whose digest is known', () => {
    expect(verdict('good')).toMatchObject({ outcome: 'verified', consumer: { id: 'acme' } })
    expect(verdict('good')).toBe(verdict('good'))
  })

  it.each<[string, string[], string]>([
    ['another', ['bad'], 'unknown'],
    ['the digest itself', [hex('good')], 'unknown'],
    ['nothing', [''], 'empty'],
    ['what is no ASCII', ['goöd'], 'unreadable'],
    ['a list', ['good, good'], 'unknown'],
    ['two fields', ['good', 'good'], 'ambiguous'],
    ['1 KiB and more', ['x'.repeat(1025)], 'too-long'],
  ])('refuses %s', (_, values, reason) => {
    expect(verdict(...values)).toMatchObject({ outcome: 'invalid', reason })
  })

  it('says absent where there is none', () => {
    expect(verdict()).toEqual({ outcome: 'absent' })
  })

  it('looks at the end of a key with each request', () => {
    vi.useFakeTimers({ now: Date.UTC(2029, 11, 31, 23, 59, 59, 999) })
    expect(verdict('old')).toMatchObject({ outcome: 'verified' })
    vi.setSystemTime(Date.UTC(2030, 0, 1))
    expect(verdict('old')).toMatchObject({ outcome: 'invalid', reason: 'expired' })
  })

  it('challenges with what is asked for, in characters a field can carry', () => {
    expect(verifier.challenge({ verdict: { outcome: 'absent' }, scopes: [], roles: [] })).toBe(
      'ApiKey realm="a \\"b\\"?", in="header", name="X-API-Key"',
    )
  })

  it('removes the key, or leaves it where it is to be forwarded', () => {
    const headers = ['X-API-Key', 'good']
    const removed = exchangeOf({ headers })
    verifier.remove(removed)
    expect(removed.headers).toEqual([])
    const left = exchangeOf({ headers })
    apiKey({ ...options, forward: true }).remove(left)
    expect(left.headers).toBe(headers)
  })
})

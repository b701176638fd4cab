import { expect, it } from 'vitest'
import { keptText } from './body-texts.ts'
import { Bucket, Entry } from './bucket.ts'
import type { StoredResponse } from './stored-response.ts'

const bucket = new Bucket({ key: '', buckets: new Map() }, '')
const block = { fields: [], text: '' }

function hot(body: Buffer): Entry {
  const entry = new Entry({ fields: [], body } as unknown as StoredResponse, bucket, '', [], '', [])
  entry.ready = { age: 0, block, text: keptText(entry) }
  return entry
}

it('keeps every byte as a character', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
  const { ready } = hot(bytes)
  expect(ready?.text?.bytes).toBe(bytes)
  expect(Buffer.from(ready?.text?.text ?? '', 'latin1')).toEqual(bytes)
})

it('keeps none of a long body', () => {
  expect(hot(Buffer.alloc(8 * 1024)).ready?.text).toBeDefined()
  expect(hot(Buffer.alloc(8 * 1024 + 1)).ready?.text).toBeUndefined()
})

it('gives up the oldest for a new one', () => {
  const [first, ...others] = Array.from({ length: 513 }, () => hot(Buffer.from('a')))
  expect(first?.ready?.text).toBeUndefined()
  expect(others.every(({ ready }) => ready?.text !== undefined)).toBe(true)
})

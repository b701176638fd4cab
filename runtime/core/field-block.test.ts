import { describe, expect, it, test } from 'vitest'
import { fieldBlock, fieldText, isBlockOf } from './field-block.ts'

describe('the text of fields', () => {
  it('keeps order, case and repetition, and leaves the length to the server', () => {
    const fields = ['Set-Cookie', 'a=1', 'X-B', '\xe9\t', 'set-cookie', 'b=2', 'content-length', '7', 'X-Empty', '']
    expect(fieldText(fields)).toBe('Set-Cookie: a=1\r\nX-B: \xe9\t\r\nset-cookie: b=2\r\nX-Empty: \r\n')
  })

  test.each([
    ['ends the line', ['X-A', 'b\r\nX-C: d']],
    ['has a bare line feed', ['X-A', 'b\nX-C: d']],
    ['has a NUL', ['X-A', 'b\0']],
    ['is beyond latin1', ['X-A', '\u{1f600}']],
    ['has a name that is none', ['X A', 'b']],
    ['has an empty name', ['', 'b']],
    ['has a name with an end of line', ['X-A\r\n', 'b']],
    ['frames', ['Transfer-Encoding', 'chunked']],
    ['is for one hop', ['connection', 'close']],
    ['announces trailers', ['Trailer', 'X-Sum']],
  ])('is none where a field %s', (_, fields) => {
    expect(fieldText(['Content-Type', 'text/plain', ...fields])).toBeUndefined()
  })
})

it('no longer fits fields that a policy has altered', () => {
  const fields = ['Age', '1', 'ETag', '"a"']
  const block = fieldBlock(fields)
  expect(isBlockOf(block, fields.slice())).toBe(true)
  expect(isBlockOf(block, [...fields, 'X', 'y'])).toBe(false)
  expect(isBlockOf(block, ['Age', '2', 'ETag', '"a"'])).toBe(false)
  expect(isBlockOf(block, [])).toBe(false)
})

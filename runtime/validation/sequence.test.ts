import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it, test } from 'vitest'
import { eventStreamBody, jsonLinesBody, jsonSequenceBody } from './sequence-bodies.ts'
import { eventStreamStream, type JudgeItem, jsonLinesStream, jsonSequenceStream } from './sequence-streams.ts'

const limits = { depth: 8, items: 10 }
const media = { type: 'application/jsonl', parameters: new Map<string, string>() }

test.each([
  ['{"n":1}\n\r\n{"n":2}', [{ n: 1 }, { n: 2 }], []],
  ['', [], []],
  ['1\n{\n3\n', [1, undefined, 3], ['/1 json']],
  ['{"a":1,"a":1}\n', [undefined], ['/0 duplicate']],
])('lines: %j', (text, value, faults) => {
  const read = jsonLinesBody({}, 'pass')(Buffer.from(text), media, limits)
  expect(read).toMatchObject({ value })
  expect('faults' in read && read.faults?.map(({ pointer, keyword }) => `${pointer} ${keyword}`)).toEqual(faults)
})

test.each([
  ['\x1e1\n\x1e{\n "a": 2 }\n', [1, { a: 2 }]],
  ['\x1e\x1e1\n', [1]],
  ['1\n\x1e2\n', [undefined, 2]],
])('sequences: %j', (text, value) => {
  expect(jsonSequenceBody({}, 'pass')(Buffer.from(text), media, limits)).toMatchObject({ value })
})

test.each([
  ['data: a\ndata:b\n\n', [{ data: 'a\nb' }]],
  ['\uFEFFdata: a\r\n\r\ndata\r\r', [{ data: 'a' }, { data: '' }]],
  [': nothing\n\nevent: x\n\n\n\ndata: 1\n\n', [{ data: '1' }]],
  ['id: 7\nevent: e\nretry: 10\nother: o\ndata:  s\n\n', [{ id: '7', event: 'e', retry: 10, data: ' s' }]],
  ['retry: soon\nid: a\0b\ndata: 1\n\n', [{ data: '1' }]],
])('events: %j', (text, value) => {
  expect(eventStreamBody({}, 'pass')(Buffer.from(text), media, limits)).toEqual({ value, faults: [] })
})

describe('streams', () => {
  const text = Buffer.from('data: 1\r\n\r\ndata: 2\n\n: comment\n\ndata: 3\r\r')

  it.each([1, 2, 3, 5, 7, 100])('finds the same items however the bytes come: %i at a time', async (size) => {
    const found: unknown[] = []
    const judge: JudgeItem = (item) => {
      if ('value' in item) found.push((item.value as { data: string }).data)
      return 'go-on'
    }
    const passed = await buffer(eventStreamStream.pass(pieces(text, size), true, judge))
    expect(passed.equals(text)).toBe(true)
    expect(found).toEqual(['1', '2', '3'])
  })

  it('passes nothing on that has not been judged, and breaks off at what is refused', async () => {
    const judge: JudgeItem = (item) => ('value' in item && item.value === 3 ? 'break' : 'go-on')
    const passing = jsonLinesStream.pass(pieces(Buffer.from('1\n2\n3\n4\n'), 3), true, judge)
    const got: Buffer[] = []
    passing.on('data', (chunk: Buffer) => got.push(chunk))
    await expect(new Promise((resolve, fail) => passing.on('end', resolve).on('error', fail))).rejects.toThrow('item')
    expect(Buffer.concat(got).toString()).not.toContain('3')
  })

  it('passes all of it where it only watches, and stops judging when told', async () => {
    let judged = 0
    const judge: JudgeItem = () => {
      judged++
      return 'stop'
    }
    const source = Buffer.from('\x1e1\n\x1e2\n\x1e3\n')
    expect((await buffer(jsonSequenceStream.pass(pieces(source, 2), false, judge))).equals(source)).toBe(true)
    expect((await buffer(jsonSequenceStream.pass(pieces(source, 2), true, judge))).equals(source)).toBe(true)
    expect(judged).toBe(2)
  })

  it('judges no item that would fill the memory', async () => {
    const seen: string[] = []
    const judge: JudgeItem = (item) => {
      if ('fault' in item) seen.push(item.fault.keyword)
      return 'break'
    }
    const endless = pieces(Buffer.alloc(3 * 1024 * 1024, 'x'), 64 * 1024)
    await expect(buffer(jsonLinesStream.pass(endless, true, judge))).rejects.toThrow('item')
    expect(seen).toEqual(['length'])
  })

  it('judges the last item without an end of its own', async () => {
    const judge: JudgeItem = (item) => ('fault' in item ? 'break' : 'go-on')
    await expect(buffer(jsonLinesStream.pass(pieces(Buffer.from('1\n{"a":'), 4), true, judge))).rejects.toThrow('item')
  })
})

function pieces(bytes: Buffer, size: number): Readable {
  return Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    ),
  )
}

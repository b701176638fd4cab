import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { faults } from '../../../test/support/faults.ts'
import type { Fields } from '../../core/headers.ts'
import { TransportError } from '../transport-error.ts'
import { Incoming } from './incoming.ts'
import { RecordedCall } from './recorded-call.test-support.ts'

/**
 * What comes of an answer that is read in these pieces, as a socket reads: into the room it is given, as much as fits.
 * @param isEnded whether the connection ends behind them
 */
function read(pieces: readonly string[], method = 'GET', isEnded = false): object {
  const incoming = new Incoming()
  const call = new RecordedCall()
  incoming.expect(call, method, false)
  let unused = 0
  try {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece, 'latin1')
      for (let at = 0; at < bytes.length; ) {
        const room = incoming.room.next
        const length = bytes.copy(room, 0, at)
        at += length
        if (incoming.stage === 'over') unused += length
        else unused += length - incoming.take(room, length)
      }
    }
    if (isEnded && incoming.stage !== 'over' && !incoming.end()) return { cut: call.outcome }
    return { ...call.outcome, stage: incoming.stage, keeps: incoming.keepsAlive, trailers: incoming.trailers(), unused }
  } catch (error) {
    expect(error).toBeInstanceOf(TransportError)
    return { refused: (error as TransportError).fault }
  } finally {
    incoming.free()
  }
}

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
interface Outcome {
  readonly status?: number
  readonly fields?: Fields
  readonly body?: string
  readonly keeps?: boolean
  readonly trailers?: Fields
  /** Bytes that are none of the answer's. */
  readonly unused?: number
}
const plain = { status: 200, fields: [], body: '', keeps: true, trailers: [], unused: 0 }
const line = 'HTTP/1.1 200 OK\r\n'
const sized = (body: string, fields = ''): string => `${line}${fields}Content-Length: ${body.length}\r\n\r\n${body}`

/** By what is special about them. */
const answers: Readonly<Record<string, readonly [text: string, outcome: Outcome]>> = {
  'a length': [sized('hello'), { body: 'hello' }],
  'fields with little in them': [sized('', 'X:\r\nY: a \t\r\n'), { fields: ['X', '', 'Y', 'a'] }],
  'bytes past ASCII': [sized('\xff\x00', 'X: \xe9\xff\r\n'), { fields: ['X', '\xe9\xff'], body: '\xff\x00' }],
  chunks: [`${chunked}3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n`, { body: 'abcd' }],
  'chunk extensions': [`${chunked}3;name=value;x="a\\"b"\r\nabc\r\n0;last\r\n\r\n`, { body: 'abc' }],
  trailers: [
    `${chunked}3\r\nabc\r\n0\r\nX-Sum: 42\r\nX-Other:  7 \r\n\r\n`,
    { body: 'abc', trailers: ['X-Sum', '42', 'X-Other', '7'] },
  ],
  'an end with the connection': ['HTTP/1.0 200 OK\r\n\r\nuntil the end', { body: 'until the end', keeps: false }],
  '204': ['HTTP/1.1 204 No Content\r\n\r\n', { status: 204 }],
  '204 with a length': [
    'HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc',
    { status: 204, keeps: false, unused: 3 },
  ],
  '304': ['HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', { status: 304, fields: ['ETag', '"a"'] }],
  'interim answers': [
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${sized('a')}`,
    { body: 'a' },
  ],
  'an empty line before': [`\r\n${sized('a')}`, { body: 'a' }],
  'more than was asked for': [sized('ok') + sized('poison'), { body: 'ok', unused: 44 }],
  'more behind chunks': [`${chunked}1\r\na\r\n0\r\n\r\nHTTP/1.1`, { body: 'a', unused: 8 }],
  'its own end': [sized('ok', 'Connection: close\r\n'), { body: 'ok', keeps: false }],
  'HTTP/1.0 that stays': ['HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n', {}],
  'fields of one hop': [sized('', 'Connection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\n'), {}],
}

describe('what comes of an answer', () => {
  test.each(Object.entries(answers))('does not depend on where its bytes are cut: %s', (_, [text, outcome]) => {
    const isEnded = text.startsWith('HTTP/1.0')
    const whole = read([text], 'GET', isEnded)
    const fields = [...(outcome.fields ?? []), 'Via', '1.1 specgate']
    expect(whole).toMatchObject({ ...plain, ...outcome, fields, stage: 'over' })
    for (let at = 1; at < text.length; at++) {
      expect(read([text.slice(0, at), text.slice(at)], 'GET', isEnded)).toEqual(whole)
    }
    expect(read([...text], 'GET', isEnded)).toEqual(whole)
  })

  const refused = Object.entries(faults).filter(([name]) => !/silence|reset|end|flood of hints/.test(name))
  it('nor does what is refused', () => {
    for (const [, { commit }] of refused) {
      let text = ''
      commit({ socket: { write: (bytes: Buffer) => (text += String(bytes)) } } as never)
      if (text.length > 1_000) continue
      const whole = read([text])
      for (let at = 1; at < text.length; at++) expect(read([text.slice(0, at), text.slice(at)])).toEqual(whole)
      expect(read([...text])).toEqual(whole)
    }
  })

  it('is the same for bodies of all sizes and reads of all sizes', () => {
    const size = fc.oneof(
      fc.nat(300),
      fc.integer({ min: 65_000, max: 66_000 }),
      fc.integer({ min: 120_000, max: 300_000 }),
    )
    const framing = fc.constantFrom('sized', 'chunked', 'unsized')
    fc.assert(
      fc.property(size, framing, fc.infiniteStream(fc.integer({ min: 1, max: 70_000 })), (length, how, sizes) => {
        const body = Array.from({ length: Math.ceil(length / 10) }, (_, i) => String(i).padStart(10))
          .join('')
          .slice(0, length)
        const text = framed(body, how)
        const pieces: string[] = []
        for (let at = 0; at < text.length; at += pieces.at(-1)!.length)
          pieces.push(text.slice(at, at + sizes.next().value!))
        const got = read(pieces, 'GET', how === 'unsized') as { body: string; stage: string; unused: number }
        expect(got.body === body).toBe(true)
        expect([got.stage, got.unused]).toEqual(['over', 0])
      }),
      { numRuns: 150 },
    )
  })

  it('is nothing worse than a refusal, whatever it is', () => {
    const start = fc.constantFrom(
      'HTTP/1.1 200 OK',
      'HTTP/1.1 100 Continue',
      'HTTP/1.0 304 x',
      'HTTP/1.1 101 x',
      '\r\n',
    )
    const field = fc.constantFrom(
      'Content-Length: 3',
      'Content-Length: +3',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: gzip',
      'Connection: close, x',
      'Upgrade: websocket',
      'Connection: upgrade',
      'X: y',
      ' folded',
      'none',
    )
    const rest = fc.constantFrom(
      '',
      'abc',
      '3\r\nabc\r\n0\r\n\r\n',
      '3\r\nabcd',
      'zz\r\n',
      '\0',
      'HTTP/1.1 200 OK\r\n\r\n',
    )
    const end = fc.constantFrom('\r\n', '\n', '\r')
    const text = fc
      .tuple(start, fc.array(field, { maxLength: 4 }), end, rest)
      .map(([first, fields, eol, more]) => [first, ...fields, '', more].join(eol))
    const noise = fc.string({ unit: fc.constantFrom(...'HTP/1. 20\r\n:;a\0\xff'), maxLength: 60 })
    fc.assert(
      fc.property(fc.oneof(text, noise), fc.nat(80), (given, cut) => {
        const whole = read([given], 'GET', true)
        expect(read([given.slice(0, cut), given.slice(cut)], 'GET', true)).toEqual(whole)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is a refusal where its head does not end within 64 KiB, however slowly it comes', () => {
    const head = `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(63_000)}\r\nContent-Length: 0\r\n\r\n`
    expect(read([...head])).toMatchObject({ status: 200, stage: 'over' })
    const names = `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(10_000)}Content-Length: 0\r\n\r\n`
    expect(read([...names])).toMatchObject({ status: 200, stage: 'over' })
    expect(read([...`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(66_000)}`])).toEqual({ refused: 'malformed' })
    expect(read([`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(66_000)}`])).toEqual({ refused: 'malformed' })
    expect(read([chunked, `0\r\nX: ${'a'.repeat(200_000)}`])).toEqual({ refused: 'malformed' })
  })

  it.each(['HEAD', 'GET'])('to %s has a body only where there is one', (method) => {
    const got = read(['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc'], method)
    expect(got).toMatchObject(method === 'HEAD' ? { body: '', unused: 3 } : { body: 'abc', unused: 0 })
  })

  it.each([
    ['timeout=5', true, 4_000],
    ['max=3, timeout=2', true, 1_000],
    ['timeout=1', false, 0],
    ['nonsense', true, Number.POSITIVE_INFINITY],
  ])('says how long its connection is kept: %s', (hint, keeps, longest) => {
    const incoming = new Incoming()
    incoming.expect(new RecordedCall(), 'GET', false)
    const text = `HTTP/1.1 200 OK\r\nKeep-Alive: ${hint}\r\nContent-Length: 0\r\n\r\n`
    incoming.take(Buffer.from(text), text.length)
    expect([incoming.keepsAlive, incoming.longestIdle]).toEqual([keeps, longest])
    incoming.free()
  })
})

function framed(body: string, how: string): string {
  if (how === 'sized') return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  if (how === 'unsized') return `HTTP/1.1 200 OK\r\n\r\n${body}`
  let text = chunked
  for (let at = 0; at < body.length; at += 7_000) {
    const chunk = body.slice(at, at + 7_000)
    text += `${chunk.length.toString(16)}\r\n${chunk}\r\n`
  }
  return `${text}0\r\n\r\n`
}

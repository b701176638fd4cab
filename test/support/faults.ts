import type { RawRequest } from './fault-upstream.ts'

/** What an upstream does wrong on command, and what a caller of the proxy must then see. */
export interface Fault {
  readonly commit: (request: RawRequest) => void
  /**
   * The status that must come; `broken`: the head of the answer had gone out, so the connection breaks before its end;
   * `either` that or 502.
   */
  readonly outcome: number | 'broken' | 'either'
}

const says = (text: string): ((request: RawRequest) => void) => {
  return ({ socket }) => void socket.write(Buffer.from(text, 'latin1'))
}
const saysAndEnds = (text: string): ((request: RawRequest) => void) => {
  return ({ socket }) => void socket.end(Buffer.from(text, 'latin1'))
}
const head = (fields: string, status = '200 OK'): string => `HTTP/1.1 ${status}\r\n${fields}\r\n\r\n`
const ok = 'Content-Length: 2'
const chunks = (text: string): string => head('Transfer-Encoding: chunked') + text

/** Heads and framings that no client may believe: 502, and the connection is not used again. */
const garbled: Readonly<Record<string, string>> = {
  'a status that is no number': `${head(ok, 'abc OK')}ok`,
  'a status of two digits': `${head(ok, '20 OK')}ok`,
  'a status of four digits': `${head(ok, '2000 OK')}ok`,
  'another protocol': `ICY 200 OK\r\n${ok}\r\n\r\nok`,
  'a protocol of another kind': `RTSP/1.0 200 OK\r\n${ok}\r\n\r\nok`,
  'a version that had no fields': `HTTP/0.9 200 OK\r\n${ok}\r\n\r\nok`,
  'a version without a minor': `HTTP/1 200 OK\r\n${ok}\r\n\r\nok`,
  'no status line': `${ok}\r\n\r\nok`,
  'two different lengths': `${head('Content-Length: 1\r\nContent-Length: 2')}ok`,
  'a list of different lengths': `${head('Content-Length: 1, 2')}ok`,
  'a length with a sign': `${head('Content-Length: +2')}ok`,
  'a negative length': `${head('Content-Length: -2')}ok`,
  'a length in hexadecimal notation': `${head('Content-Length: 0x2')}ok`,
  'a length past all numbers': `${head('Content-Length: 99999999999999999999999')}ok`,
  'a length and chunks': `${head('Content-Length: 2\r\nTransfer-Encoding: chunked')}2\r\nok\r\n0\r\n\r\n`,
  'a space before a colon': `${head('Content-Length : 2')}ok`,
  'a field without a colon': `${head(`${ok}\r\nrubbish`)}ok`,
  'a name with a space': `${head(`${ok}\r\nX Y: z`)}ok`,
  'an empty name': `${head(`${ok}\r\n: z`)}ok`,
  'NUL in a field': `${head(`${ok}\r\nX: a\x00b`)}ok`,
  'a bare CR in a field': `${head(`${ok}\r\nX: a\rSet-Cookie: evil`)}ok`,
  'a chunk size that is none': chunks('xyz\r\nok\r\n0\r\n\r\n'),
  'a chunk size past 64 bits': chunks('10000000000000002\r\nok\r\n0\r\n\r\n'),
  'a negative chunk size': chunks('-2\r\nok\r\n0\r\n\r\n'),
  'a chunk longer than its size': chunks('2\r\nokay\r\n0\r\n\r\n'),
}

/** By what is said in a test's name. */
export const faults: Readonly<Record<string, Fault>> = {
  ...Object.fromEntries(Object.entries(garbled).map(([name, text]) => [name, { commit: says(text), outcome: 502 }])),
  'an end without a word': { commit: ({ socket }) => void socket.end(), outcome: 502 },
  'a reset without a word': { commit: ({ socket }) => void socket.resetAndDestroy(), outcome: 502 },
  'an end in the status line': { commit: saysAndEnds('HTTP/1.1 20'), outcome: 502 },
  'an end in a field': { commit: saysAndEnds('HTTP/1.1 200 OK\r\nContent-Le'), outcome: 502 },
  'an end in a short body': { commit: saysAndEnds(`${head('Content-Length: 9')}abc`), outcome: 502 },
  'an end in a chunk size': { commit: saysAndEnds(chunks('ff')), outcome: 'either' },
  'an end in a long body': { commit: breakingOff(head('Content-Length: 900000'), 'end'), outcome: 'broken' },
  'a reset in a long body': { commit: breakingOff(head('Content-Length: 900000'), 'reset'), outcome: 'broken' },
  'an end between chunks': { commit: breakingOff(chunks('3\r\nabc\r\n'), 'end'), outcome: 'broken' },
  'a reset between chunks': { commit: breakingOff(chunks('3\r\nabc\r\n'), 'reset'), outcome: 'broken' },
  'silence after the first part of a long body': {
    commit: says(`${head('Content-Length: 900000')}abc`),
    outcome: 'broken',
  },
  silence: { commit: () => {}, outcome: 504 },
  'silence in the head': { commit: says('HTTP/1.1 200 OK\r\nX: '), outcome: 504 },
  'a flood of fields': { commit: says(`HTTP/1.1 200 OK\r\n${'X: aaaaaaaaaaaaaaaa\r\n'.repeat(10_000)}`), outcome: 502 },
  'a field without end': { commit: says(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(200_000)}`), outcome: 502 },
  'a flood of hints': { commit: says('HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n'.repeat(5_000)), outcome: 502 },
  'an upgrade nobody asked for': {
    commit: says(head('Connection: upgrade\r\nUpgrade: x', '101 Switching Protocols')),
    outcome: 502,
  },
}

function breakingOff(start: string, how: 'end' | 'reset'): (request: RawRequest) => void {
  return ({ socket }) => {
    socket.write(`${start}`)
    if (start.includes('900000')) socket.write('a'.repeat(1_000))
    setTimeout(() => (how === 'end' ? socket.end() : socket.resetAndDestroy()), 50)
  }
}

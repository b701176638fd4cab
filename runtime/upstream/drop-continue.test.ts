import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { dropContinue } from './drop-continue.ts'

/** What a reader gets of chunks that arrive one after the other. */
function readAll(chunks: readonly string[], awaitsHead = true): string {
  const queue = chunks.map((chunk) => Buffer.from(chunk))
  const socket = { read: () => queue.shift() ?? null } as unknown as Socket
  dropContinue(socket, { awaitsHead })
  let text = ''
  // The reader comes back as often as bytes arrive.
  for (let i = 0; i <= chunks.length; i++) {
    for (let bytes = socket.read(); bytes !== null; bytes = socket.read()) text += String(bytes)
  }
  return text
}

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

describe('dropContinue', () => {
  test.each([
    [answer],
    [`HTTP/1.1 100 Continue\r\n\r\n${answer}`],
    ['HTTP/1.1 100 Continue\r\n\r\n', answer],
    [`HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 100 Again\r\n\r\n${answer}`],
    ['HTTP/1.', '1 10', '0 Continue\r\n', '\r', `\n${answer}`],
    ['H', 'TTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP', answer.slice(4)],
  ])('%j', (...chunks) => {
    expect(readAll(chunks)).toBe(answer)
  })

  test('other interim answers and rubbish go on', () => {
    expect(readAll(['HTTP/1.1 103 Early Hints\r\n\r\n'])).toBe('HTTP/1.1 103 Early Hints\r\n\r\n')
    expect(readAll(['SSH-2.0'])).toBe('SSH-2.0')
  })

  test('bodies are not looked at', () => {
    expect(readAll(['HTTP/1.1 100 Continue\r\n\r\n'], false)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  })

  test('an interim answer without an end is not kept for ever', () => {
    const endless = ['HTTP/1.1 100 Continue\r\n', 'a'.repeat(20_000)]
    expect(readAll(endless)).toBe(endless.join(''))
  })
})

import { once } from 'node:events'
import { request as askByNode, type IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnswerHead } from '../answer-head.ts'
import { ask, ScriptedServer } from './scripted-server.test-support.ts'

const server = new ScriptedServer()
beforeAll(() => server.start())
afterAll(() => server.stop())

describe('an answer', () => {
  const token = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_!~'), minLength: 1, maxLength: 12 })
  const value = fc.string({ unit: fc.constantFrom(...'abc ,;="\xe9\xff'), maxLength: 30 })
  const pair = fc.tuple(
    fc.oneof(token, fc.constantFrom('Set-Cookie', 'Location', 'Keep-Alive', 'Content-Type')),
    value,
    fc.constantFrom('', ' ', ' \t'),
  )
  const fields = fc.array(pair, { maxLength: 6 })
  const lines = (list: readonly (readonly [string, string, string])[]): string =>
    list.map(([name, text, space]) => `X-${name}:${space}${text}${space}\r\n`).join('')
  const answer = fc.record({
    status: fc.constantFrom(200, 201, 206, 301, 404, 500, 204, 304, 599),
    interims: fc.array(fc.constantFrom(100, 102, 103), { maxLength: 2 }),
    fields,
    trailers: fields,
    body: fc.string({ unit: fc.constantFrom(...'ab\r\n0\xff'), maxLength: 400 }),
    framing: fc.constantFrom('sized', 'chunked', 'unsized'),
    cuts: fc.array(fc.nat(600), { maxLength: 4 }),
  })

  it('is what Node’s own client makes of it', async () => {
    await fc.assert(
      fc.asyncProperty(answer, async ({ status, interims, fields: list, trailers, body, framing, cuts }) => {
        const isBodiless = status === 204 || status === 304
        const framed =
          framing === 'sized'
            ? `Content-Length: ${body.length}\r\n`
            : framing === 'chunked'
              ? 'Transfer-Encoding: chunked\r\n'
              : ''
        let all = interims.map((code) => `HTTP/1.1 ${code} x\r\n\r\n`).join('')
        all += `HTTP/1.1 ${status} Some reason\r\n${lines(list)}${isBodiless ? '' : framed}\r\n`
        if (!isBodiless && framing === 'chunked') {
          for (let at = 0; at < body.length; at += 37) {
            const chunk = body.slice(at, at + 37)
            all += `${chunk.length.toString(16)}\r\n${chunk}\r\n`
          }
          all += `0\r\n${lines(trailers)}\r\n`
        } else if (!isBodiless) all += body
        server.serve = (socket) => {
          const ends = [...cuts]
          let at = 0
          const next = (): void => {
            const to = ends.shift() ?? all.length
            const part = all.slice(at, Math.max(at, to))
            at = Math.max(at, to)
            socket.write(part, 'latin1', () => {
              if (at < all.length) setImmediate(next)
              else if (framing === 'unsized') socket.end()
            })
          }
          next()
        }
        const to = server.connection()
        const call = await ask(to).over
        to.destroy()
        expect(call.error).toBe(undefined)
        expect(call.outcome).toMatchObject(await byNode())
      }),
      { numRuns: 150 },
    )
  }, 20_000)

  /** The same question to the same server. */
  async function byNode(): Promise<object> {
    const asked = askByNode(`${server.url}/x`, { agent: false })
    asked.end()
    const [message] = (await once(asked, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk as Buffer)
    const head = new AnswerHead(message.statusCode!)
    const { rawHeaders, rawTrailers } = message
    for (let i = 0; i < rawHeaders.length; i += 2) head.take(rawHeaders[i]!, rawHeaders[i + 1]!)
    head.finish()
    return {
      status: message.statusCode,
      fields: head.fields,
      body: Buffer.concat(chunks).toString('latin1'),
      trailers: rawTrailers,
    }
  }
})

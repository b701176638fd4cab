import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import type { UpstreamRequest } from '../connection.ts'
import { Upload } from '../upload.ts'
import { ask, faultOf, ScriptedServer } from './scripted-server.test-support.ts'

const server = new ScriptedServer()
beforeAll(() => server.start())
afterAll(() => server.stop())

describe('what is sent', () => {
  const sent = async (request: Partial<UpstreamRequest>, end = '\r\n\r\n'): Promise<string> => {
    let all = ''
    const whole = new Promise<void>((resolve) => {
      server.serve = (_, part) => {
        all += part
        if (all.endsWith(end)) resolve()
      }
    })
    const to = server.connection()
    ask(to, request)
    await whole
    to.destroy()
    return all
  }
  const head = (line: string, kept = 'keep-alive'): string =>
    `${line} HTTP/1.1\r\nhost: up.example\r\nconnection: ${kept}\r\nA: b\r\n`

  it('is the head and the body as they are', async () => {
    expect(await sent({})).toBe(`${head('GET /x')}\r\n`)
    expect(await sent({ method: 'POST' })).toBe(`${head('POST /x')}content-length: 0\r\n\r\n`)
    const body = Buffer.from('\xff\x00end', 'latin1')
    expect(await sent({ method: 'PUT', body }, 'end')).toBe(`${head('PUT /x')}content-length: 5\r\n\r\n\xff\x00end`)
    const long = Buffer.alloc(40_000, 'l').fill('end', 39_997)
    expect(await sent({ method: 'PUT', body: long }, 'end')).toBe(
      `${head('PUT /x')}content-length: 40000\r\n\r\n${long}`,
    )
    expect(await sent({ method: 'HEAD' })).toBe(`${head('HEAD /x', 'close')}\r\n`)
    expect(await sent({ headers: ['Host', 'other', 'A', 'b'] })).toBe(
      `${head('GET /x').replace('up.example', 'other')}\r\n`,
    )
  })

  const upload = (...parts: string[]): Upload =>
    new Upload(Readable.from(parts.map((part) => Buffer.from(part))), 1_000_000)

  it('of a body without a length are chunks', async () => {
    const body = upload('abc', 'd'.repeat(20))
    expect(await sent({ method: 'POST', body }, '0\r\n\r\n')).toBe(
      `${head('POST /x')}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n14\r\n${'d'.repeat(20)}\r\n0\r\n\r\n`,
    )
    expect(await sent({ method: 'POST', body: upload() })).toBe(`${head('POST /x')}content-length: 0\r\n\r\n`)
  })

  it('of a body with a length is never more nor less', async () => {
    const body = upload('abc', 'def')
    expect(await sent({ method: 'POST', body, length: 6 }, 'def')).toBe(
      `${head('POST /x')}content-length: 6\r\n\r\nabcdef`,
    )
    for (const length of [5, 7]) {
      let all = ''
      server.serve = (_, part) => {
        all += part
      }
      const call = await ask(server.connection(), { method: 'POST', body: upload('abc', 'def'), length }).over
      expect(faultOf(call)).toBe('unsendable')
      expect(all.length).toBeLessThanOrEqual(`${head('POST /x')}content-length: 5\r\n\r\nabcde`.length)
    }
  })

  test.each<[string, Partial<UpstreamRequest>]>([
    ['a line end in a value', { headers: ['X', 'a\r\nEvil: 1'] }],
    ['a line feed in a value', { headers: ['X', 'a\nEvil: 1'] }],
    ['NUL in a value', { headers: ['X', 'a\0'] }],
    ['what latin1 would cut to a line end', { headers: ['X', 'a\u010d\u010aEvil: 1'] }],
    ['a line end in a name', { headers: ['X: y\r\nEvil', '1'] }],
    ['a space in a name', { headers: ['X ', '1'] }],
    ['no name', { headers: ['', '1'] }],
    ['a length of others', { headers: ['Content-length', '1'] }],
    ['a coding of others', { headers: ['transfer-Encoding', 'chunked'] }],
    ['a connection of others', { headers: ['Connection', 'close'] }],
    ['an upgrade of others', { headers: ['Upgrade', 'h2c'] }],
    ['an expectation', { headers: ['Expect', '100-continue'] }],
    ['two hosts', { headers: ['Host', 'a', 'host', 'b'] }],
    ['a space in the target', { path: '/x HTTP/1.1\r\n\r\n' }],
    ['a target that is none', { path: 'x' }],
    ['what latin1 would cut in the target', { path: '/\u0120' }],
    ['a method that is none', { method: 'GET /\r\n' }],
  ])('is nothing where it holds %s', async (_, request) => {
    let isAsked = false
    server.serve = () => {
      isAsked = true
    }
    const to = server.connection()
    const call = await ask(to, request).over
    expect([faultOf(call), call.events, isAsked]).toEqual(['unsendable', ['failure'], false])
    to.destroy()
  })
})

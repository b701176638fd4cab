import { describe, expect, it, vi } from 'vitest'
import type { Exchange } from '../core/exchange.ts'
import { accessLog } from './access-log.ts'
import type { Turn } from './turn.ts'

const turn = (more: object = {}, exchange: object | null = {}, url = '/x?page=2') =>
  ({
    request: { url, method: 'GET', socket: { remoteAddress: '10.0.0.1' } },
    requestId: 'r-1',
    status: 200,
    duration: 3.136,
    bytes: 12,
    isComplete: true,
    problem: undefined,
    cause: undefined,
    exchange:
      exchange === null
        ? undefined
        : ({
            operation: { id: 'getX' },
            address: '203.0.113.7',
            headers: ['Authorization', 'Bearer s3cr3t', 'User-Agent', 'curl/8', 'Cookie', 'a=s3cr3t'],
            ...exchange,
          } as unknown as Exchange),
    ...more,
  }) as unknown as Turn

function lineOf(one: Turn, redact = {}): Record<string, unknown> | undefined {
  const lines: string[] = []
  accessLog(redact, (line) => lines.push(line))(one)
  expect(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true)
  return lines[0] === undefined ? undefined : (JSON.parse(lines[0]) as Record<string, unknown>)
}

describe('accessLog', () => {
  it('tells what happened in one line', () => {
    const exchange = { upstreamMs: 2.5, consumer: { id: 'acme' }, events: [{ policy: 'cache', event: 'miss' }] }
    expect(lineOf(turn({}, exchange))).toEqual({
      level: 30,
      time: expect.any(Number),
      msg: 'request',
      requestId: 'r-1',
      method: 'GET',
      path: '/x',
      query: 'page=2',
      operation: 'getX',
      status: 200,
      durationMs: 3.14,
      upstreamMs: 2.5,
      consumer: 'acme',
      userAgent: 'curl/8',
      bytes: 12,
      address: '203.0.113.7',
      events: [{ policy: 'cache', event: 'miss' }],
    })
  })

  it('tells what stands behind a problem', () => {
    const cause = Object.assign(new Error('connect 10.1.1.1:9000'), { code: 'ECONNREFUSED' })
    expect(lineOf(turn({ status: 502, problem: 'upstream-unreachable', cause, isComplete: false }))).toMatchObject({
      problem: 'upstream-unreachable',
      cause: 'ECONNREFUSED: connect 10.1.1.1:9000',
      aborted: true,
    })
  })

  it('knows little of what met no operation', () => {
    expect(lineOf(turn({ status: 404, problem: 'not-found' }, null))).toMatchObject({
      operation: 'none',
      address: '10.0.0.1',
    })
  })

  it('never shows secrets', () => {
    const url = '/x?access_token=s3cr3t&API%5FKEY=s3cr3t&mail=s3cr3t&odd=s3cr3t&q=ok&flag'
    const logging = {
      access: 'json',
      sample: 1,
      redactHeaders: new Set(['user-agent']),
      redactQuery: new Set(['mail']),
    }
    const line = lineOf(turn({}, { logging }, url), { query: ['ODD'] })
    expect(line).toMatchObject({
      query: 'access_token=***&API%5FKEY=***&mail=***&odd=***&q=ok&flag',
      userAgent: '***',
    })
    expect(JSON.stringify(line)).not.toContain('s3cr3t')
  })

  it('cannot be made to write two lines or other members', () => {
    const line = lineOf(
      turn({ requestId: 'a"\n' }, { headers: ['User-Agent', 'x","status":1,"\n\u2028'] }, '/a"b?c="\\'),
    )
    expect(line).toMatchObject({ requestId: 'a"\n', path: '/a"b', status: 200 })
  })

  it('leaves out what is off, and thins out only what went well', () => {
    const off = { access: 'off', sample: 1, redactHeaders: new Set(), redactQuery: new Set() }
    expect(lineOf(turn({}, { logging: off }))).toBeUndefined()
    const seldom = { ...off, access: 'json', sample: 0.1 }
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5)
    expect(lineOf(turn({}, { logging: seldom }))).toBeUndefined()
    expect(lineOf(turn({ status: 503 }, { logging: seldom }))).toBeDefined()
    expect(lineOf(turn({ isComplete: false }, { logging: seldom }))).toBeDefined()
    random.mockReturnValue(0.05)
    expect(lineOf(turn({}, { logging: seldom }))).toBeDefined()
    random.mockRestore()
  })
})

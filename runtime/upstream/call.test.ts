import { afterEach, expect, it, vi } from 'vitest'
import { exchangeOf } from '../../test/support/exchange-of.ts'
import type { Rejection } from '../core/rejection.ts'
import { AnswerHead } from './answer-head.ts'
import { Call } from './call.ts'
import type { Connection } from './connection.ts'
import type { Download } from './download.ts'
import type { Target } from './target.ts'

afterEach(() => void vi.restoreAllMocks())

/** A call whose answer of a mebibyte has begun, on a connection that does nothing; the clock stands still. */
async function receiving() {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000)
  const connection = {
    isPaused: false,
    ask: () => {},
    pause: () => void (connection.isPaused = true),
    resume: () => void (connection.isPaused = false),
  }
  const nothing = () => {}
  const target = {
    ...{ connected: nothing, release: nothing, discard: nothing },
    acquire: (call: Call) => call.start(connection as unknown as Connection),
  }
  const exchange = exchangeOf({ headers: [] })
  exchange.timeouts = { connect: 1_000, firstByte: 1_000, idle: 1_000, total: 1_000 }
  const call = new Call(exchange, target as unknown as Target, '/x', 'GET', (location) => location, [])
  call.onSending()
  call.onSent()
  const head = new AnswerHead(200)
  head.take('Content-Length', String(1024 * 1024))
  head.finish()
  call.onHead(head)
  const body = (await call.answer).body as Download
  let failure: Rejection | undefined
  body.on('error', (error) => {
    failure = error as Rejection
  })
  const checkAt = (now: number): void => {
    clock.mockReturnValue(now)
    call.check(now)
  }
  return { call, connection, body, checkAt, failure: () => failure }
}

it('does not charge the upstream with the time in which the client held an answer back', async () => {
  const { call, connection, body, checkAt } = await receiving()
  call.onBody(Buffer.alloc(512 * 1024))
  call.onPart()
  expect(connection.isPaused).toBe(true)
  checkAt(60_000)
  body.read()
  expect(connection.isPaused).toBe(false)
  checkAt(60_900)
  expect(body.destroyed).toBe(false)
})

it('ends an answer that stops when the client would read on', async () => {
  const { call, body, checkAt, failure } = await receiving()
  call.onBody(Buffer.alloc(512 * 1024))
  call.onPart()
  checkAt(60_000)
  body.read()
  checkAt(61_100)
  await new Promise(setImmediate)
  expect(failure()?.kind).toBe('gateway-timeout')
})

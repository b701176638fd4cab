import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { exchangeOf } from '../../test/support/exchange-of.ts'
import { RequestBody } from '../core/body.ts'
import { AnswerHead } from './answer-head.ts'
import { Call } from './call.ts'
import { type Caller, Connection, type UpstreamRequest } from './connection.ts'
import { Target } from './target.ts'
import { TransportError, type TransportFault } from './transport-error.ts'

/** A connection that fails as the list of faults says, one for each question asked of any; then it answers. */
class Failing extends Connection {
  readonly isReusable = true
  readonly isPaused = false
  readonly longestIdle = Number.POSITIVE_INFINITY
  readonly #faults: TransportFault[]

  constructor(faults: TransportFault[]) {
    super()
    this.#faults = faults
  }

  ask({ body }: UpstreamRequest, caller: Caller): void {
    const fault = this.#faults.shift()
    const answers = (): void => {
      caller.onHead(new AnswerHead(200))
      caller.onEnd([])
    }
    if (fault !== 'stale' && fault !== 'unreachable') caller.onSending()
    if (fault !== undefined) caller.onFailure(new TransportError(fault, fault))
    else if (body === null || Buffer.isBuffer(body)) answers()
    else body.on('end', answers).resume()
  }

  pause(): void {}
  resume(): void {}
  destroy(): void {}
}

const get = { method: 'GET' }
const post = { method: 'POST' }
const streamed = { ...post, body: new RequestBody(Readable.from([Buffer.from('a')]), 100) }

test.each<[string, object, TransportFault[], number]>([
  ['a GET on a connection that broke before a byte came back', get, ['broken'], 200],
  ['a POST on one', post, ['broken'], 502],
  ['a GET on one that broke later', get, ['cut'], 502],
  ['a GET twice', get, ['broken', 'broken'], 502],
  ['a POST on one that had ended before', post, ['stale'], 200],
  ['a streamed POST on one', streamed, ['stale'], 200],
  ['a GET for which there is no connection', get, ['unreachable'], 502],
  ['a GET that is answered with nonsense', get, ['malformed'], 502],
])('%s: %d', async (_, start, faults, expected) => {
  const left = [...faults]
  const wire = { connection: () => new Failing(left), tunnel: () => new Failing(left) }
  const target = new Target(new URL('http://h'), { weight: 1, backup: false, max: 2, keepAlive: 1_000, wire })
  const call = (exchange = exchangeOf()): Call => new Call(exchange, target, '/x', exchange.method, (text) => text, [])
  left.length = 0
  await call().answer
  left.push(...faults)
  const status = await call(exchangeOf(start)).answer.then(
    (answer) => answer.status,
    (failure: { status: number }) => failure.status,
  )
  expect([status, left]).toEqual([expected, []])
})

import type { Socket } from 'node:net'
import { type buildConnector, Client, type Dispatcher } from 'undici'
import type { Fields } from '../../core/headers.ts'
import { AnswerHead } from '../answer-head.ts'
import { type Caller, Connection, type UpstreamRequest } from '../connection.ts'
import { TransportError } from '../transport-error.ts'

/** What undici hands over for HTTP/2: an object, with the status among the fields. */
type HandedFields = Readonly<Record<string, string | readonly string[] | undefined>>

/** HTTP/2 to an upstream by undici's client, which makes the connection anew where the other side has said goodbye. */
export class Http2Connection extends Connection {
  readonly isReusable = true
  readonly longestIdle = Number.POSITIVE_INFINITY
  readonly #client: Client
  #controller: Dispatcher.DispatchController | undefined = undefined

  /** @param connect for those after the first */
  constructor(origin: string, socket: Socket, connect: buildConnector.connector) {
    super()
    let first: Socket | undefined = socket
    this.#client = new Client(origin, {
      pipelining: 1,
      maxHeaderSize: 64 * 1024,
      // Deadlines are kept by one coarse clock for all calls of an upstream.
      keepAliveTimeout: never,
      keepAliveMaxTimeout: never,
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: true,
      connect(options, done) {
        const given = first
        first = undefined
        if (given === undefined || given.destroyed) connect(options, done)
        else done(null, given)
      },
    })
  }

  get isPaused(): boolean {
    return this.#controller?.paused === true
  }

  ask({ method, path, headers, body, length }: UpstreamRequest, caller: Caller): void {
    const sent = length === undefined ? headers : [...headers, 'Content-Length', String(length)]
    const options = { path, method: method as Dispatcher.HttpMethod, headers: sent, body, blocking: false }
    this.#client.dispatch(options, this.#handlerFor(caller))
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }

  destroy(): void {
    void this.#client.destroy()
  }

  #handlerFor(caller: Caller): Dispatcher.DispatchHandler {
    let isOver = false
    let isStarted = false
    return {
      onRequestStart: (controller) => {
        this.#controller = controller
        isStarted = true
        caller.onSending()
      },
      onBodySent: () => caller.onBodySent(),
      onRequestSent: () => caller.onSent(),
      onResponseStart: (controller, status) => {
        const head = headOf(status, controller.rawHeaders as unknown as HandedFields)
        if (status < 200) {
          caller.onInterim(head)
          return
        }
        caller.onHead(head)
        // The whole body may have come with the head.
        queueMicrotask(() => {
          if (!isOver) caller.onPart()
        })
      },
      onResponseData: (_controller, bytes) => caller.onBody(bytes),
      onResponseEnd: (controller) => {
        isOver = true
        caller.onEnd(flat((controller.rawTrailers ?? {}) as unknown as HandedFields))
      },
      onResponseError: (_controller, error) => {
        isOver = true
        caller.onFailure(errorOf(error, isStarted))
      },
    }
  }
}

/** As long as timers go. */
const never = 2_147_483_647

function headOf(status: number, handed: HandedFields): AnswerHead {
  const head = new AnswerHead(status)
  const fields = flat(handed)
  for (let i = 0; i < fields.length; i += 2) head.take(fields[i]!, fields[i + 1]!)
  head.finish()
  return head
}

function flat(handed: HandedFields): Fields {
  const fields: Fields = []
  for (const [name, values] of Object.entries(handed)) {
    if (name[0] === ':') continue
    for (const value of [values].flat()) fields.push(name, String(value))
  }
  return fields
}

const unsendable = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'])
const malformed = new Set(['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_HEADERS_OVERFLOW'])
const broken = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** What undici says went wrong, in our words; what comes from elsewhere, such as a refused body, stays as it is. */
function errorOf(error: Error, isStarted: boolean): Error {
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) return error
  const fault = unsendable.has(code)
    ? 'unsendable'
    : !isStarted
      ? 'unreachable'
      : malformed.has(code)
        ? 'malformed'
        : broken.has(code)
          ? 'broken'
          : 'cut'
  return new TransportError(fault, error.message, error)
}

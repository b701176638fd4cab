import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Answer } from '../core/answer.ts'
import type { Exchange } from '../core/exchange.ts'
import { type Rejection, reject } from '../core/rejection.ts'
import type { ClientSight } from './client-sight.ts'
import { asRejection, problemAnswer } from './problem-answer.ts'
import { receive } from './receive.ts'
import { sortFields } from './request-fields.ts'
import { parseTarget } from './request-target.ts'
import { type Reply, respond } from './respond.ts'
import type { Router } from './router.ts'

export interface HttpServerOptions {
  readonly routes: Router
  readonly sight: ClientSight
  /** Bytes. */
  readonly headerLimit: number
  readonly urlLimit: number
  /** Told of every failure that is not a refusal. */
  readonly onFault: (failure: unknown, requestId: string) => void
  /** True once the service is on its way out: connections end with their next answer. */
  readonly isDraining: () => boolean
}

/** The listener for clients: HTTP/1.1 in, exchanges through their operation, answers out. */
export function httpServer(options: HttpServerOptions): Server {
  const { routes, sight, headerLimit, urlLimit, onFault, isDraining } = options

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    let requestId = ''
    let exchange: Exchange | undefined
    // Until the framing is known to be sound, nobody can say where the next request begins (RFC 9112 §6.3).
    let isFramed = false
    const send = (answer: Answer): void => {
      const reply: Reply = { request, response, requestId, exchange, close: !isFramed || isDraining() }
      respond(reply, answer, () => {})
    }
    const fail = (failure: unknown): void => {
      const rejection = asRejection(failure)
      if (rejection.kind === 'internal-error') onFault(rejection.options.cause, requestId)
      if (!response.destroyed) send(problemAnswer(rejection, requestId))
    }
    try {
      requestId = randomUUID()
      if (request.httpVersionMajor !== 1 || request.httpVersionMinor > 1) throw reject('http-version-not-supported')
      if (request.url!.length > urlLimit) throw reject('uri-too-long')
      const sorted = sortFields(request.rawHeaders)
      isFramed = true
      const arrival = receive(request, response, parseTarget(request.url!), sorted, requestId, routes, sight)
      exchange = arrival.exchange
      const going = exchange
      response.once('close', () => {
        if (!response.writableFinished) going.onAbort?.()
      })
      const answer = arrival.operation.handle(exchange)
      if (answer instanceof Promise) answer.then(send).catch(fail)
      else send(answer)
    } catch (failure) {
      fail(failure)
    }
  }

  const server = createServer(
    {
      maxHeaderSize: headerLimit,
      optimizeEmptyRequests: true,
      // The Host field is judged here, with a problem document, and also for HTTP/1.0.
      requireHostHeader: false,
      noDelay: true,
    },
    onRequest,
  )
  server.maxHeadersCount = 0
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  server.on('clientError', answerParseError)
  return server
}

/** What the parser refused never became a request: the answer is written to the bare socket. */
function answerParseError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, headers, body } = problemAnswer(parseRejection(error), randomUUID())
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`
  socket.end(`${head}Content-Length: ${Buffer.byteLength(String(body))}\r\nConnection: close\r\n\r\n${body}`)
}

function parseRejection(error: NodeJS.ErrnoException): Rejection {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return reject('fields-too-large')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return reject('request-timeout')
    default:
      return reject('bad-request', { detail: 'The message does not follow HTTP/1.1.' })
  }
}

import type { Socket } from 'node:net'
import { Client } from 'undici'
import { dropContinue } from './drop-continue.ts'
import type { Wire } from './wire.ts'

/** Something under way that ends by itself when its time is up. */
export interface Timed {
  /** @param now of `performance.now()` */
  check(now: number): void
}

/** One connection to a target. It connects when first used, and anew after a fault. */
export class Connection {
  readonly client: Client
  /** Answers received: a connection that breaks off at its first use says more than a kept one. */
  served = 0
  /** Who uses it at the moment. */
  user: Timed | undefined = undefined
  /** Made with files that have changed since: it is closed when it is free. */
  isOutdated = false
  #socket: Socket | undefined = undefined
  /** Whether the next bytes are the head of an answer. */
  awaitsHead = false

  /** @param keepAlive milliseconds an idle connection is kept */
  constructor(origin: string, keepAlive: number, { connect, allowH2 }: Wire) {
    this.client = new Client(origin, {
      pipelining: 1,
      keepAliveTimeout: keepAlive,
      keepAliveMaxTimeout: keepAlive,
      // Cookies and policies of large sites: more than Node's own 16 KiB.
      maxHeaderSize: 64 * 1024,
      // Deadlines are kept by one coarse clock for all calls of an upstream.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2,
      connect: (options, done) =>
        connect(options, (error, socket) => {
          if (error !== null) {
            done(error, null)
            return
          }
          this.#socket = socket
          if (!isHttp2(socket)) dropContinue(socket, this)
          done(null, socket)
        }),
    })
  }

  /** A fault has been found and will be told in a moment. */
  get isBroken(): boolean {
    return this.#socket?.destroyed === true
  }
}

function isHttp2(socket: Socket & { readonly alpnProtocol?: string | false | null }): boolean {
  return socket.alpnProtocol === 'h2'
}

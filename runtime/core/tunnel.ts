import type { Duplex } from 'node:stream'

/** A connection that has left HTTP (RFC 9110 §7.8) and is carried on both sides until one of them ends it. */
export interface Tunnel {
  /** Bytes that went to the client. */
  readonly bytes: number
  /** Asks the client to come again elsewhere, in the words of its protocol; it may take its time. */
  retire(): void
}

/**
 * What an operation does when client and upstream have agreed to change the protocol.
 * @param head what the client sent right behind its request
 * @param done called once; `isComplete`: both sides ended it, nobody broke off
 */
export type OpenTunnel = (client: Duplex, head: Buffer, upstream: Duplex, done: (isComplete: boolean) => void) => Tunnel

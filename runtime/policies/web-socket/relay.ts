import type { Duplex } from 'node:stream'
import type { OpenTunnel, Tunnel } from '../../core/tunnel.ts'
import { FrameBoundaries } from './frame-boundaries.ts'

/** RFC 6455 §7.4.1: 1001, the server goes down. */
const goingAway = Buffer.from([0x88, 0x02, 0x03, 0xe9])

/** Sockets have a clock of their own; other streams, as in tests, do not. */
type Timed = Duplex & { setTimeout?(milliseconds: number): unknown; setNoDelay?(on: boolean): unknown }

/**
 * Carries bytes between a client and an upstream, each as fast as the other reads.
 * @param idle milliseconds without a byte in either direction, after which both are closed
 */
export function relay(idle: number): OpenTunnel {
  return (client, head, upstream, done) => new Relay(client, head, upstream, idle, done)
}

class Relay implements Tunnel {
  bytes = 0
  readonly #client: Timed
  readonly #upstream: Timed
  readonly #idle: number
  readonly #done: (isComplete: boolean) => void
  readonly #frames = new FrameBoundaries()
  #isRetiring = false
  #isRetired = false
  #open = 2
  #isComplete = true

  constructor(client: Timed, head: Buffer, upstream: Timed, idle: number, done: (isComplete: boolean) => void) {
    this.#client = client
    this.#upstream = upstream
    this.#idle = idle
    this.#done = done
    for (const socket of [client, upstream]) {
      socket.setNoDelay?.(true)
      socket.on('error', () => this.#breakOff())
      socket.once('close', () => this.#closed())
    }
    // What goes out counts as much as what comes in: watching one side sees both.
    client.setTimeout?.(idle)
    client.once('timeout', () => this.#breakOff())
    if (head.length > 0) client.unshift(head)
    this.#carry(client, upstream)
    this.#carry(upstream, client)
  }

  retire(): void {
    if (this.#isRetiring) return
    this.#isRetiring = true
    if (this.#frames.isBetween) this.#sayGoingAway()
  }

  #carry(from: Duplex, to: Duplex): void {
    const isAnswer = to === this.#client
    from.on('data', (chunk: Buffer) => {
      const sent = isAnswer ? this.#answer(chunk) : to.write(chunk)
      if (sent) return
      from.pause()
      to.once('drain', () => from.resume())
    })
    from.once('end', () => to.end())
  }

  /** Sends what is for the client, until it has been told to go: nothing follows a Close frame (RFC 6455 §5.5.1). */
  #answer(chunk: Buffer): boolean {
    if (this.#isRetired) return true
    for (let at = 0; at < chunk.length; ) {
      at = this.#frames.take(chunk, at)
      if (this.#isRetiring && this.#frames.isBetween) {
        this.#send(chunk.subarray(0, at))
        this.#sayGoingAway()
        return true
      }
    }
    return this.#send(chunk)
  }

  #send(chunk: Buffer): boolean {
    this.bytes += chunk.length
    return this.#client.write(chunk)
  }

  /** The client answers with a Close frame, which is carried to the upstream: so both of them end in order. */
  #sayGoingAway(): void {
    this.#isRetired = true
    if (this.#client.writable) this.#client.write(goingAway)
  }

  #breakOff(): void {
    this.#isComplete = false
    this.#client.destroy()
    this.#upstream.destroy()
  }

  /** One side is gone: the other gets what is still due to it, unless it does not read for as long as it may be idle. */
  #closed(): void {
    if (!this.#client.readableEnded && !this.#upstream.readableEnded) this.#isComplete = false
    if (--this.#open > 0) {
      for (const socket of [this.#client, this.#upstream]) {
        if (socket.destroyed) continue
        socket.setTimeout?.(this.#idle)
        socket.once('timeout', () => socket.destroy())
        socket.end(() => socket.destroy())
      }
      return
    }
    this.#done(this.#isComplete)
  }
}

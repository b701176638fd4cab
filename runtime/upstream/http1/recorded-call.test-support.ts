import type { Duplex } from 'node:stream'
import type { Fields } from '../../core/headers.ts'
import type { AnswerHead } from '../answer-head.ts'
import type { Caller } from '../connection.ts'

/** Whoever asks in tests: keeps what it is told. */
export class RecordedCall implements Caller {
  readonly events: string[] = []
  interims: [number, Fields][] = []
  status = 0
  fields: Fields = []
  trailers: Fields = []
  error: Error | undefined = undefined
  tunnel: Duplex | undefined = undefined
  /** Settled once nothing more can come. */
  readonly over: Promise<this>
  readonly #chunks: Buffer[] = []
  #settle!: () => void

  constructor() {
    this.over = new Promise((resolve) => {
      this.#settle = () => resolve(this)
    })
  }

  get body(): string {
    return Buffer.concat(this.#chunks).toString('latin1')
  }

  /** What must not depend on how the bytes were cut. */
  get outcome(): object {
    const { status, fields, interims, trailers, body, error } = this
    return { status, fields, interims, trailers, body, error: error?.message, ended: this.events.at(-1) }
  }

  onSending(): void {
    this.events.push('sending')
  }

  onBodySent(): void {}

  onSent(): void {
    this.events.push('sent')
  }

  onInterim({ status, fields }: AnswerHead): void {
    this.interims.push([status, fields])
  }

  onHead({ status, fields }: AnswerHead): void {
    this.status = status
    this.fields = fields
    this.events.push('head')
  }

  onBody(bytes: Buffer): void {
    this.#chunks.push(bytes)
  }

  onPart(): void {}

  onEnd(trailers: Fields): void {
    this.trailers = trailers
    this.events.push('end')
    this.#settle()
  }

  onTunnel(head: AnswerHead, socket: Duplex): void {
    this.status = head.status
    this.tunnel = socket
    this.events.push('tunnel')
    this.#settle()
  }

  onFailure(error: Error): void {
    this.error = error
    this.events.push('failure')
    this.#settle()
  }
}

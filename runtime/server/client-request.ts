import { IncomingMessage } from 'node:http'
import type { ByteSink, DirectSource } from '../core/direct-source.ts'

const everything = Object.getOwnPropertyDescriptor(IncomingMessage.prototype, 'headers')!
const nothing: NodeJS.Dict<string> = Object.freeze(Object.create(null))

/** How node:http ends messages that nobody will read; undefined in those versions that read them all. */
type Dumped = { _dumpAndCloseReadable?(): void }

/** A request without what node:http does for each and nobody here needs. docs/decisions/requests-of-our-own.md */
export class ClientRequest extends IncomingMessage implements DirectSource {
  /** Set as soon as it is out of node:http's hands: from then on `headers` is what it always is. */
  isHandedOver = false
  #sink: ByteSink | undefined = undefined

  get isTaken(): boolean {
    return this.#sink !== undefined
  }

  giveTo(sink: ByteSink): boolean {
    const isUntouched = this.readableFlowing === null && this.readableLength === 0 && !this.complete && !this.destroyed
    if (!isUntouched || (this as unknown as Dumped)._dumpAndCloseReadable === undefined) return false
    this.#sink = sink
    this._read(0)
    return true
  }

  letGo(): void {
    this.#sink = undefined
    this.resume()
  }

  /** Called by node:http with each part of the body, and with null behind the last. */
  override push(chunk: Buffer | null): boolean {
    const sink = this.#sink
    if (sink === undefined) return super.push(chunk)
    if (chunk === null) {
      this.#sink = undefined
      ;(this as unknown as Required<Dumped>)._dumpAndCloseReadable()
      sink.done()
    } else sink.take(chunk)
    return true
  }
}

Object.defineProperty(ClientRequest.prototype, 'headers', {
  ...everything,
  get(this: ClientRequest) {
    return (this.isHandedOver ? undefined : forNode(this.rawHeaders)) ?? everything.get!.call(this)
  },
})

/**
 * What node:http looks for in the fields of each request before it hands it over: whether there is a body. Undefined where it is
 * to see all of them: those that may matter to it otherwise are `Expect`, and `TE` of HTTP/1.0.
 */
function forNode(raw: readonly string[]): NodeJS.Dict<string> | undefined {
  let found = nothing
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!
    switch (name.length) {
      case 2:
        if (name.toLowerCase() === 'te') return undefined
        break
      case 6:
        if (name.toLowerCase() === 'expect') return undefined
        break
      case 14:
        if (name.toLowerCase() === 'content-length') found = { 'content-length': raw[i + 1] }
        break
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') return undefined
    }
  }
  return found
}

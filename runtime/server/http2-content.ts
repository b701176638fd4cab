import { Readable } from 'node:stream'

/**
 * The body of an HTTP/2 request. It stands between the stream and its readers: whoever gives the body up gives up nothing of
 * the answer, which goes out on the same stream.
 */
export class Http2Content extends Readable {
  /** Bytes that have come in. */
  size = 0
  readonly #stream: Readable

  constructor(stream: Readable) {
    super()
    this.#stream = stream
    stream.pause()
    stream.on('data', (chunk: Buffer) => {
      this.size += chunk.length
      if (!this.destroyed && !this.push(chunk)) stream.pause()
    })
    stream.once('end', () => {
      if (!this.destroyed) this.push(null)
    })
    stream.once('close', () => {
      if (!this.destroyed && !stream.readableEnded) this.destroy(new Error('the client reset the stream'))
    })
    // Somebody may give the body up before anybody has read it: its failure is then nobody's news.
    this.on('error', () => {})
  }

  override _read(): void {
    this.#stream.resume()
  }
}

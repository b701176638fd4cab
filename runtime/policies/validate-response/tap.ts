import { type Readable, Transform } from 'node:stream'
import type { TrailedBody } from '../../core/answer.ts'

/**
 * Lets a body pass while it is collected: a chunk is never held back. A body longer than `limit` passes unseen.
 *
 * @param judge is given the whole body before its end is passed on, so that what it notes is noted in time
 */
export function tap(source: Readable, limit: number, judge: (bytes: Buffer) => Promise<void>): Readable {
  let chunks: Buffer[] | undefined = []
  let size = 0
  const passing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > limit) chunks = undefined
      else chunks?.push(chunk)
      done(null, chunk)
    },
    flush(done) {
      const { trailers } = source as TrailedBody
      if (trailers !== undefined) Object.assign(passing, { trailers })
      if (chunks === undefined) done()
      else judge(Buffer.concat(chunks, size)).then(() => done(), done)
    },
  })
  source.on('error', (error) => passing.destroy(error))
  // Whoever gives up reading gives up the source as well, so that its connection does not wait for ever.
  passing.on('close', () => {
    if (!source.readableEnded) source.destroy()
  })
  return source.pipe(passing)
}

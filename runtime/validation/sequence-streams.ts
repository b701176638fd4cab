import { type Readable, Transform } from 'node:stream'
import type { TrailedBody } from '../core/answer.ts'
import type { ParsedJson } from './json.ts'
import { eventStream, jsonLines, jsonSequence, type Sequence } from './sequence.ts'

/** What is wrong with an item ends the stream (`break`) or the judging (`stop`). */
export type Verdict = 'go-on' | 'stop' | 'break'
export type JudgeItem = (item: ParsedJson, index: number) => Verdict

export interface SequenceStream {
  /** Judges the items of a body that is in memory, until one is enough. */
  judge(bytes: Buffer, judge: JudgeItem): void
  /**
   * Lets a body pass, item by item judged.
   * @param holds an item is passed on only once it has been judged; else every chunk as it comes
   */
  pass(source: Readable, holds: boolean, judge: JudgeItem): Readable
}

/** Bytes; the longest item that is judged. */
const itemLimit = 1024 * 1024

const tooLong: ParsedJson = { fault: { pointer: '', detail: 'is too long to be judged', keyword: 'length' } }

function sequenceStream(sequence: Sequence): SequenceStream {
  return {
    judge(bytes, judge) {
      const items = new Items(sequence, judge)
      if (items.push(bytes).verdict === 'go-on') items.end()
    },
    pass(source, holds, judge) {
      const items = new Items(sequence, judge)
      let verdict: Verdict = 'go-on'
      const passing = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          if (verdict === 'stop') return done(null, chunk)
          const { judged, verdict: now } = items.push(chunk)
          verdict = now
          if (verdict === 'break') return done(broken())
          if (holds) {
            if (judged.length > 0) this.push(judged)
            done()
          } else done(null, chunk)
        },
        flush(done) {
          const { trailers } = source as TrailedBody
          if (trailers !== undefined) Object.assign(passing, { trailers })
          if (verdict !== 'go-on') return done()
          if (items.end() === 'break') return done(broken())
          if (holds && items.rest.length > 0) this.push(items.rest)
          done()
        },
      })
      source.on('error', (error) => passing.destroy(error))
      // Whoever gives up reading gives up the source as well, so that its connection does not wait for ever.
      passing.on('close', () => {
        if (!source.readableEnded) source.destroy()
      })
      return source.pipe(passing)
    },
  }
}

function broken(): Error {
  return new Error('an item of the answer does not meet the contract')
}

/** Collects bytes and judges each item once it is whole. The buffer doubles, so that small chunks cost no more than large ones. */
class Items {
  readonly #sequence: Sequence
  readonly #judge: JudgeItem
  #buffer = Buffer.alloc(0)
  #length = 0
  #looked = 0
  #index = 0

  constructor(sequence: Sequence, judge: JudgeItem) {
    this.#sequence = sequence
    this.#judge = judge
  }

  /** What has come and belongs to no whole item yet. */
  get rest(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  /** @returns the bytes of the items that are whole now, and what came of them; behind `stop` all that was kept */
  push(chunk: Buffer): { judged: Buffer; verdict: Verdict } {
    this.#append(chunk)
    const bytes = this.rest
    let start = 0
    let from = this.#looked
    let verdict: Verdict = 'go-on'
    while (verdict === 'go-on') {
      const end = this.#sequence.cut(bytes, start, Math.max(from, start))
      if (end === -1) break
      verdict = this.#take(bytes.subarray(start, end))
      start = end
      from = end
    }
    if (verdict === 'go-on' && bytes.length - start > itemLimit) verdict = this.#judge(tooLong, this.#index)
    const kept = verdict === 'stop' ? bytes.length : start
    const judged = Buffer.from(bytes.subarray(0, kept))
    bytes.copyWithin(0, kept)
    this.#length -= kept
    this.#looked = this.#length
    return { judged, verdict }
  }

  /** The last item needs nothing behind it. */
  end(): Verdict {
    return this.#length === 0 ? 'go-on' : this.#take(this.rest)
  }

  #take(bytes: Buffer): Verdict {
    const item = this.#sequence.read(bytes)
    return item === undefined ? 'go-on' : this.#judge(item, this.#index++)
  }

  #append(chunk: Buffer): void {
    const wanted = this.#length + chunk.length
    if (wanted > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(wanted, this.#buffer.length * 2))
      this.rest.copy(larger)
      this.#buffer = larger
    }
    chunk.copy(this.#buffer, this.#length)
    this.#length = wanted
  }
}

export const jsonLinesStream: SequenceStream = /* @__PURE__ */ sequenceStream(jsonLines)
export const jsonSequenceStream: SequenceStream = /* @__PURE__ */ sequenceStream(jsonSequence)
export const eventStreamStream: SequenceStream = /* @__PURE__ */ sequenceStream(eventStream)

import type { Readable } from 'node:stream'
import { Between } from '../core/between.ts'
import type { Fault } from '../core/problem.ts'
import { type Rejection, reject } from '../core/rejection.ts'
import type { Validator } from '../core/validator.ts'
import { bodyFaults, type Details } from './details.ts'
import type { MediaType } from './media-type.ts'
import { boundaryOf, malformedMultipart, type Part, type PartHead } from './multipart.ts'
import { MultipartScanner, type PartSink } from './multipart-scanner.ts'
import { forgetStandIns } from './stand-in.ts'

const noBody: Fault = { pointer: '', detail: 'is required', keyword: 'required' }

/** Bytes of all parts that are no files: they are kept until the body has been judged. */
const mostKept = 1024 * 1024

/** What parts are read by. */
export interface PartsReader {
  /** Whether a part is bytes of which only the length counts. */
  isFile(name: string): boolean
  read(parts: readonly Part[]): { readonly value: unknown; readonly faults: readonly Fault[] }
}

/** What is asked of a body beyond its form. */
export interface GuardRules {
  readonly required: boolean
  readonly schema: Validator | undefined
  readonly details: Details
  readonly room: number
  /** The most parts it may have. */
  readonly parts: number | undefined
  /** Notes faults, and says with what the request is refused. */
  readonly refuse: (faults: readonly Fault[]) => Rejection
}

/**
 * Judges a multipart body part by part while it goes upstream: files are not kept, what is wrong breaks the request off, and
 * the last delimiter goes on only when everything has been found right, so that no upstream takes a refused body for whole.
 */
export function guardParts(source: Readable, reader: PartsReader, media: MediaType, rules: GuardRules): Readable {
  return new GuardedParts(source, boundaryOf(media), new Parts(reader, rules), rules)
}

class GuardedParts extends Between {
  readonly #parts: Parts
  readonly #rules: GuardRules
  readonly #scanner: MultipartScanner
  #isEmpty = true

  constructor(source: Readable, boundary: string | undefined, parts: Parts, rules: GuardRules) {
    super(source)
    this.#parts = parts
    this.#rules = rules
    this.#scanner = new MultipartScanner(boundary, rules.parts ?? 100, parts)
  }

  protected override judge(chunk: Buffer): void {
    this.#isEmpty = false
    const wasOver = this.#scanner.isOver
    this.#scanner.take(chunk)
    const faults = this.#scanner.isMalformed
      ? [malformedMultipart]
      : this.#parts.judge(this.#scanner.isOver && !wasOver)
    if (this.#parts.isTooLarge) this.destroy(reject('content-too-large'))
    else if (faults.length > 0) this.destroy(this.#rules.refuse(faults))
    else this.hand(chunk)
  }

  protected override finish(): void {
    if (this.#scanner.isWhole || (this.#isEmpty && !this.#rules.required)) this.push(null)
    else this.destroy(this.#rules.refuse([this.#isEmpty ? noBody : malformedMultipart]))
  }
}

/** The parts so far: of files, their length. */
class Parts implements PartSink {
  isTooLarge = false
  readonly #reader: PartsReader
  readonly #rules: GuardRules
  readonly #whole: Part[] = []
  #current: PartHead | undefined
  #chunks: Buffer[] = []
  #length = 0
  #kept = 0
  #isJudged = true
  /** What the head of a part has shown already. */
  readonly #early: Fault[] = []

  constructor(reader: PartsReader, rules: GuardRules) {
    this.#reader = reader
    this.#rules = rules
  }

  head(part: PartHead): void {
    this.#current = part
    this.#chunks = []
    this.#length = 0
    // A part nobody declared need not come in before it is refused: its head says enough.
    const { faults } = this.#reader.read([{ ...part, content: Buffer.alloc(0), length: 0 }])
    this.#early.push(...faults.filter(({ keyword }) => keyword === 'unknown' || keyword === 'mediaType'))
  }

  content(bytes: Buffer): void {
    this.#length += bytes.length
    if (this.#reader.isFile(this.#current!.name)) return
    this.#kept += bytes.length
    if (this.#kept > mostKept) this.isTooLarge = true
    else this.#chunks.push(Buffer.from(bytes))
  }

  end(): void {
    const current = this.#current!
    const content = Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#whole.push({ ...current, content, ...(this.#reader.isFile(current.name) ? { length: this.#length } : {}) })
    this.#isJudged = false
  }

  /** What is wrong with the parts that are whole. @param isAll whether there are no more to come */
  judge(isAll: boolean): readonly Fault[] {
    if (this.#early.length > 0) return this.#early
    if (this.#isJudged && !isAll) return []
    this.#isJudged = true
    try {
      const { value, faults } = this.#reader.read(this.#whole)
      const known = new Set(faults.map(({ pointer }) => pointer))
      return [...faults, ...this.#schemaFaults(value, isAll).filter(({ pointer }) => !known.has(pointer))]
    } finally {
      forgetStandIns()
    }
  }

  #schemaFaults(value: unknown, isAll: boolean): readonly Fault[] {
    const { schema, details, room } = this.#rules
    if (schema === undefined || schema(value)) return []
    if (isAll) return bodyFaults(schema.errors, details, room)
    // Of what is not all there, only that counts which no further part can mend.
    if (schema.errors!.some(({ keyword }) => !settled.has(keyword) && !awaited.has(keyword))) return []
    return bodyFaults(
      schema.errors!.filter(({ keyword }) => settled.has(keyword)),
      details,
      room,
    )
  }
}

const settled: ReadonlySet<string> = new Set([
  ...['type', 'enum', 'const', 'format', 'pattern', 'minLength', 'maxLength', 'multipleOf', 'maxItems', 'uniqueItems'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'additionalProperties', 'maxProperties'],
])
const awaited: ReadonlySet<string> = new Set(['required', 'minItems', 'minProperties', 'contains', 'dependentRequired'])

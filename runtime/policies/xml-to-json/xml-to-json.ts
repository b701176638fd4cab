import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import { type Answer, isStreamed, readAnswer } from '../../core/answer.ts'
import { withWeakValidator } from '../../core/changed-content.ts'
import type { Exchange } from '../../core/exchange.ts'
import { combinedField, fieldValue, withoutFields } from '../../core/headers.ts'
import type { Policy } from '../../core/policy.ts'
import { Recall } from '../../core/recall.ts'
import { Rejection, reject } from '../../core/rejection.ts'
import { isCoded, undoCodings } from '../../validation/content-coding.ts'
import { parseMediaType } from '../../validation/media-type.ts'
import type { Converted } from '../../xml/convert.ts'
import { defaultLimits } from '../../xml/limits.ts'
import { link, linkRoot } from '../../xml/link.ts'
import { pathTree } from '../../xml/path-tree.ts'
import type { LinkedRoot } from '../../xml/transducer.ts'
import { Conversion, convertWhole } from './conversion.ts'
import { convertedFields, isXml, upstreamFields, withVary } from './fields.ts'
import { preference } from './negotiate.ts'
import type { ResponsePlan, XmlToJsonOptions } from './plan.ts'
import { faultAnswer } from './soap-fault.ts'

/**
 * Answers in JSON where the upstream answers in XML, led by the plan that the compiler made of the response schemas.
 *
 * Callers who prefer XML get the upstream's own answer where the contract declares XML; who accepts neither gets 406.
 * What cannot be read, or has a value that does not fit, is 502.
 */
export function xmlToJson(options: XmlToJsonOptions): Policy {
  const converter = new Converter(options)
  return (next) => async (exchange) => {
    const { headers } = exchange
    const wanted = converter.wanted(combinedField(headers, 'accept'))
    if (wanted === 'none') throw reject('not-acceptable')
    if (wanted === 'original') return converter.negotiated(await next(exchange))
    exchange.headers = upstreamFields(headers)
    let answer: Answer
    try {
      answer = await next(exchange)
    } finally {
      // Policies further out decide by what the caller asked for.
      exchange.headers = headers
    }
    return converter.negotiated(await converter.convert(answer, exchange))
  }
}

interface ConvertedBody {
  readonly json: Buffer | Readable
  readonly isFault: boolean
}

/** What an answer's `Content-Type` says. */
interface Media {
  readonly type: string
  readonly isXml: boolean
  readonly charset: string | undefined
}

/** What an answer without content does not have. */
const contentType: ReadonlySet<string> = new Set(['content-type'])

/** What answers of one status become. */
interface Target {
  readonly root: LinkedRoot
  readonly mediaType: string
}

class Converter {
  readonly #options: XmlToJsonOptions
  readonly #walk
  readonly #limits
  readonly #jsonTypes: readonly string[]
  readonly #originals: readonly string[]
  /** Linked when the first answer of a status comes: a large document has more operations than a day has callers. */
  readonly #roots = new Map<ResponsePlan | undefined, LinkedRoot>()
  /** By status. */
  readonly #targets = new Map<number, Target>()
  readonly #wanted = new Recall<'json' | 'original' | 'none'>()
  readonly #media = new Recall<Media>()

  constructor(options: XmlToJsonOptions) {
    const { unknown, int64, emptyArrays, nonFinite = 'reject', maxSize, maxDepth } = options
    this.#options = options
    this.#walk = { unknown, int64, emptyArrays, nonFinite } as const
    this.#limits = { size: maxSize ?? defaultLimits.size, depth: maxDepth ?? defaultLimits.depth }
    this.#originals = withAlias(options.originals ?? [])
    this.#jsonTypes = [
      ...new Set(['application/json', ...Object.values(options.responses).map(({ mediaType }) => mediaType)]),
    ]
  }

  wanted(accept = ''): 'json' | 'original' | 'none' {
    let wanted = this.#wanted.get(accept)
    if (wanted === undefined) this.#wanted.keep(accept, (wanted = this.#preferred(accept)))
    return wanted
  }

  #preferred(accept: string): 'json' | 'original' | 'none' {
    const { others = [], responses } = this.#options
    // Who answers with nothing has nothing to choose from.
    if (others.length === 0 && Object.keys(responses).length === 0) return 'json'
    const json = preference(accept, this.#jsonTypes)
    const original = this.#originals.length === 0 ? 0 : preference(accept, this.#originals)
    if (original > json) return 'original'
    return json > 0 || (others.length > 0 && preference(accept, others) > 0) ? 'json' : 'none'
  }

  negotiated(answer: Answer): Answer {
    if (this.#options.originals !== undefined) answer.headers = withVary(answer.headers)
    return answer
  }

  async convert(answer: Answer, exchange: Exchange): Promise<Answer> {
    if (answer.status === 304) return { ...answer, headers: withWeakValidator(answer.headers) }
    const { type, isXml, charset } = this.#mediaOf(fieldValue(answer.headers, 'content-type') ?? '')
    if (this.#isWrappedUp(type)) {
      exchange.record('xmlToJson', 'misfit')
      if (isStreamed(answer.body)) answer.body.destroy()
      throw reject('upstream-invalid', {
        detail: 'The answer is an envelope with attachments, which is not unwrapped.',
      })
    }
    if (!isXml || fieldValue(answer.headers, 'content-length') === '0') return answer
    const { root, mediaType } = this.#targetOf(answer.status)
    const headers = convertedFields(answer.headers, mediaType)
    if (exchange.method === 'HEAD' || answer.body === null) return { ...answer, headers }
    try {
      const { json: body, isFault } = await this.#body(answer, root, charset)
      if (isFault) {
        exchange.record('xmlToJson', 'fault')
        return faultAnswer(body as Buffer, answer.status, `urn:uuid:${exchange.requestId}`)
      }
      exchange.record('xmlToJson', 'converted')
      if (root.mayBeEmpty && Buffer.isBuffer(body) && body.length === 0) {
        return { ...answer, headers: withoutFields(headers, contentType), body: null }
      }
      return { ...answer, headers, body }
    } catch (error) {
      if (error instanceof Rejection) exchange.record('xmlToJson', events[error.kind] ?? 'failed')
      throw error
    }
  }

  /** What is there is converted at once: short documents come whole. */
  #body(answer: Answer, root: LinkedRoot, charset: string | undefined): Converted | Promise<ConvertedBody> {
    const coding = fieldValue(answer.headers, 'content-encoding')
    const { body } = answer
    // An upstream may code although it was asked not to.
    if (isCoded(coding)) return this.#decoded(answer, coding).then((bytes) => this.#whole(bytes, root, charset))
    if (isStreamed(body)) return this.#streamed(body, root, charset)
    return this.#whole(typeof body === 'string' ? Buffer.from(body) : (body ?? Buffer.alloc(0)), root, charset)
  }

  #whole(bytes: Buffer, root: LinkedRoot, charset: string | undefined): Converted {
    return convertWhole(bytes, root, this.#walk, this.#limits, charset)
  }

  async #streamed(body: Readable, root: LinkedRoot, charset: string | undefined): Promise<ConvertedBody> {
    const conversion = new Conversion(root, this.#walk, this.#limits, charset)
    return { json: await conversion.stream(body), isFault: conversion.isFault }
  }

  async #decoded(answer: Answer, coding: string | undefined): Promise<Buffer> {
    const { size } = this.#limits
    const content = await undoCodings(await readAnswer(answer, size), coding, size)
    if (content === 'too-large') throw reject('upstream-too-large')
    if (typeof content === 'string')
      throw reject('upstream-malformed', { detail: 'The content coding of the upstream cannot be undone.' })
    return content
  }

  /** MTOM and SOAP with Attachments: an envelope that would pass with all that is round it. */
  #isWrappedUp(type: string): boolean {
    const { unwrap, others = [] } = this.#options
    return type === 'multipart/related' && unwrap === 'soap' && !others.includes(type)
  }

  #planFor(status: number): ResponsePlan | undefined {
    const { responses, bare = [] } = this.#options
    for (const key of [String(status), `${Math.floor(status / 100)}XX`, 'default']) {
      if (Object.hasOwn(responses, key)) return responses[key]
      if (bare.includes(key)) return undefined
    }
    return undefined
  }

  #targetOf(status: number): Target {
    let target = this.#targets.get(status)
    if (target === undefined) {
      const plan = this.#planFor(status)
      target = { root: this.#root(plan), mediaType: plan?.mediaType ?? 'application/json' }
      this.#targets.set(status, target)
    }
    return target
  }

  #root(plan: ResponsePlan | undefined): LinkedRoot {
    let root = this.#roots.get(plan)
    if (root === undefined) {
      const { unwrap, arrays = [] } = this.#options
      const linked = plan === undefined ? { value: link({ type: 'any' }) } : linkRoot(plan.root)
      const mayBeEmpty = plan === undefined && unwrap === 'soap'
      root = { ...linked, unwrap, mayBeEmpty, ...(arrays.length === 0 ? {} : { arrays: pathTree(arrays) }) }
      this.#roots.set(plan, root)
    }
    return root
  }

  #mediaOf(contentType: string): Media {
    let media = this.#media.get(contentType)
    if (media === undefined) {
      const { type = '', parameters } = parseMediaType(contentType) ?? {}
      this.#media.keep(contentType, (media = { type, isXml: isXml(type), charset: parameters?.get('charset') }))
    }
    return media
  }
}

/** `text/xml` and `application/xml` are one type with two names (RFC 7303 §9.2). */
function withAlias(mediaTypes: readonly string[]): readonly string[] {
  const names = ['application/xml', 'text/xml']
  return names.some((name) => mediaTypes.includes(name)) ? [...new Set([...mediaTypes, ...names])] : mediaTypes
}

/** Words for the metrics. */
const events: Readonly<Record<string, string>> = {
  'upstream-malformed': 'malformed',
  'upstream-invalid': 'misfit',
  'upstream-too-large': 'too-large',
}

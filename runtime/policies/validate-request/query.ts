import type { Fault } from '../../core/problem.ts'
import { Recall } from '../../core/recall.ts'
import type { Validator } from '../../core/validator.ts'
import type { BodyReader, MediaReading } from '../../validation/body-readers.ts'
import { explain } from '../../validation/details.ts'
import { jsonLimits } from '../../validation/json.ts'
import { bindParameter, type Found, type Parameter } from '../../validation/parameter.ts'
import { asIs, formDecode, percentDecode } from '../../validation/percent.ts'
import { eachPair, PairsReader, pairName, type Unknown } from '../../validation/query.ts'
import type { PartChecker, Rules } from './validate-request.ts'

/** Query parameters, and what else the query holds. */
export function queryChecker(
  parameters: readonly Parameter[] = [],
  unknown: Unknown,
  credentials: readonly string[] = [],
  rules: Rules,
): PartChecker | undefined {
  if (parameters.length === 0 && unknown === 'pass') return undefined
  const { details, room } = rules
  // Where reserved characters need no encoding, a plus has not been made of a space.
  const bound = parameters.map((one) =>
    bindParameter(one, 'query', one.allowReserved === true ? percentDecode : formDecode),
  )
  const pairs = new PairsReader(bound)
  const known = new Set(credentials)
  // A query that has passed whole passes again: 0.5 µs of 4 parameters become a lookup.
  const passed = new Recall<true>()

  return (exchange, faults) => {
    const { query } = exchange
    if (passed.get(query) === true) return
    const before = faults.length
    const found: (Found | undefined)[] = []
    let kept: string[] | undefined
    if (query !== '') {
      eachPair(query, (rawName, raw, start, end) => {
        const name = pairName(rawName)
        const isKnown = name !== undefined && (pairs.put(found, name, raw) || known.has(name))
        if (!isKnown && unknown === 'reject' && faults.length < room) faults.push(unknownParameter(name ?? rawName))
        if (unknown === 'strip' && isKnown) (kept ??= []).push(query.slice(start, end))
      })
      // What remains is the text that came, not a serialisation of what was read.
      if (unknown === 'strip') exchange.query = kept?.join('&') ?? ''
    }
    pairs.check(found, faults, details, room)
    // Where there was room for a fault, nothing has been left out.
    if (faults.length === before && before < room && exchange.query === query) passed.keep(query, true)
  }
}

function unknownParameter(name: string): Fault {
  return { parameter: name.slice(0, 128), in: 'query', detail: 'is not declared', keyword: 'unknown' }
}

/** OpenAPI 3.2 `in: querystring`. */
export interface QuerystringOptions extends MediaReading {
  readonly name: string
  readonly required?: boolean
  readonly read: BodyReader
  /** The query is a text of its media type that is percent-encoded as a whole; forms are encoded pair by pair. */
  readonly encoded?: boolean
  readonly schema?: Validator
}

export function querystringChecker(options: QuerystringOptions, { details, room }: Rules): PartChecker {
  const { name, required, encoded, schema } = options
  const read = options.read(options, 'reject')
  const at = { parameter: name, in: 'querystring' } as const
  const media = { type: 'application/x-www-form-urlencoded', parameters: new Map<string, string>() }
  const decode = encoded === true ? percentDecode : asIs
  return ({ query }, faults) => {
    if (query === '') {
      if (required === true) faults.push({ ...at, detail: 'is required', keyword: 'required' })
      return
    }
    const text = decode(query)
    if (text === undefined) {
      faults.push({ ...at, detail: 'has invalid percent-encoding', keyword: 'style' })
      return
    }
    const body = read(Buffer.from(text), media, jsonLimits)
    if ('unsupported' in body) return
    const own = 'fault' in body ? [body.fault] : (body.faults ?? [])
    for (const fault of own) faults.push({ ...at, detail: placed(fault.pointer, fault.detail), keyword: fault.keyword })
    if ('fault' in body || schema === undefined || schema(body.value)) return
    for (const error of (schema.errors ?? []).slice(0, room)) {
      const { pointer, detail, keyword } = explain(error, details)
      faults.push({ ...at, detail: placed(pointer, detail), keyword })
    }
  }
}

function placed(pointer: string | undefined, detail: string): string {
  return pointer === undefined || pointer === '' ? detail : `at ${pointer}: ${detail}`
}

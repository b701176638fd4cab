import { type MergedSchema, mergeSchemas } from './merged-schema.ts'
import { meantPattern, type Oracle } from './oracle.ts'
import { isMembers, type Located, type SourceDocument, Unreadable } from './source-document.ts'

/** A value with one thing wrong in it. */
export interface Mutation {
  /** The keyword that is broken. */
  readonly keyword: string
  /** Where: of a missing or undeclared member, the member. */
  readonly pointer: string
  readonly value: unknown
  /** Whether nothing else than this keyword at this place can be to blame: no union stands above it. */
  readonly isExact: boolean
}

interface Change {
  readonly keyword: string
  readonly path: readonly string[]
  readonly value: unknown
  /** Of a missing or undeclared member. */
  readonly member?: string
}

/** Changes that the oracle calls invalid, for the keyword they break and where they break it. */
export function mutations(
  schema: Located,
  value: unknown,
  source: SourceDocument,
  oracle: Oracle,
  most = 12,
): Mutation[] {
  const found: Mutation[] = []
  const counts = new Map<string, number>()
  for (const { keyword, path, value: changed, member } of changes(source, schema, value)) {
    const count = counts.get(keyword) ?? 0
    if (count >= 2) continue
    const verdict = oracle.judge(schema, changed)
    if (typeof verdict === 'string') continue
    const place = pointerOf(path)
    const isBlamed = verdict.some((error) => error.keyword === keyword && error.instancePath === place)
    if (!isBlamed) continue
    counts.set(keyword, count + 1)
    const isExact = verdict.every((error) => error.instancePath === place && !unions.has(error.keyword))
    found.push({
      keyword,
      pointer: pointerOf(member === undefined ? path : [...path, member]),
      value: changed,
      isExact,
    })
    if (found.length >= most) break
  }
  return found
}

const unions = new Set(['anyOf', 'oneOf', 'not', 'if', 'contains'])

function pointerOf(path: readonly string[]): string {
  return path.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

interface Spot {
  readonly schemas: readonly Located[]
  readonly value: unknown
  readonly path: readonly string[]
}

/** The whole value with one place changed, outermost places first. */
function* changes(source: SourceDocument, schema: Located, whole: unknown): Generator<Change> {
  const pending: Spot[] = [{ schemas: [schema], value: whole, path: [] }]
  for (let visited = 0; visited < 60; visited++) {
    const spot = pending.shift()
    if (spot === undefined) return
    const { schemas, value, path } = spot
    let merged: MergedSchema
    try {
      merged = mergeSchemas(source, schemas, () => undefined)
    } catch (error) {
      if (error instanceof Unreadable) continue
      throw error
    }
    for (const [keyword, changed, member] of wrongValues(merged, value)) {
      yield { keyword, path, value: replaced(whole, path, changed), ...(member === undefined ? {} : { member }) }
    }
    if (isMembers(value)) {
      for (const [name, inner] of Object.entries(value)) {
        const parts = merged.properties.get(name) ?? merged.others
        pending.push({ schemas: parts, value: inner, path: [...path, name] })
      }
    } else if (Array.isArray(value) && value.length > 0) {
      const first = merged.prefixItems[0]
      pending.push({ schemas: first === undefined ? merged.items : [first], value: value[0], path: [...path, '0'] })
    }
  }
}

type Wrong = readonly [keyword: string, value: unknown, member?: string]

function* wrongValues(schema: MergedSchema, value: unknown): Generator<Wrong> {
  const { types } = schema
  if (types !== undefined) {
    const others = ['corpus', 1.5, true, {}, []].filter((other) => !types.has(nameOfType(other)))
    if (others.length > 0) yield ['type', others[0]]
  }
  if (typeof value === 'string') yield* wrongTexts(schema, value)
  if (typeof value === 'number') yield* wrongNumbers(schema, value)
  if (Array.isArray(value)) yield* wrongLists(schema, value)
  if (isMembers(value)) yield* wrongObjects(schema, value)
  if (schema.values !== undefined) {
    const wrong = typeof value === 'number' ? 987654 : typeof value === 'boolean' ? !value : 'corpus-undeclared'
    yield ['enum', wrong]
    yield ['const', wrong]
  }
}

function nameOfType(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value
}

/** Formats that everybody judges alike. */
const judged = new Set(['date', 'date-time', 'uuid', 'email', 'ipv4', 'ipv6', 'uri'])

function* wrongTexts({ minLength, maxLength, patterns, formats }: MergedSchema, value: string): Generator<Wrong> {
  if (minLength > 0) yield ['minLength', [...value].slice(0, minLength - 1).join('')]
  if (maxLength < 5000) yield ['maxLength', value.padEnd(maxLength + 1, 'x')]
  for (const pattern of patterns) {
    const rule = meantPattern(pattern)
    const wrong = ['!', 'corpus', ' ', '~~~~~~~~', '0', ''].find((text) => !rule.test(text))
    if (wrong !== undefined) yield ['pattern', wrong]
  }
  if (formats.some((format) => judged.has(format))) yield ['format', 'not of this format']
}

function* wrongNumbers(schema: MergedSchema, value: number): Generator<Wrong> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (Number.isFinite(minimum)) yield ['minimum', minimum - 1]
  if (Number.isFinite(maximum) && Number.isSafeInteger(Math.ceil(maximum) + 1)) yield ['maximum', maximum + 1]
  if (Number.isFinite(exclusiveMinimum)) yield ['exclusiveMinimum', exclusiveMinimum]
  if (Number.isFinite(exclusiveMaximum)) yield ['exclusiveMaximum', exclusiveMaximum]
  if (multipleOf !== undefined && multipleOf >= 0.01 && multipleOf !== 1) yield ['multipleOf', value + multipleOf / 2]
}

function* wrongLists({ minItems, maxItems, uniqueItems }: MergedSchema, value: readonly unknown[]): Generator<Wrong> {
  if (minItems > 0) yield ['minItems', value.slice(0, minItems - 1)]
  if (value.length === 0) return
  if (maxItems < 300) yield ['maxItems', Array.from({ length: maxItems + 1 }, () => value[0])]
  if (uniqueItems) yield ['uniqueItems', [value[0], ...value]]
}

function* wrongObjects(schema: MergedSchema, value: Readonly<Record<string, unknown>>): Generator<Wrong> {
  const { required, readOnly, isClosed, minProperties } = schema
  let dropped = 0
  for (const name of required) {
    if (!Object.hasOwn(value, name) || readOnly.has(name) || ++dropped > 2) continue
    yield ['required', Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)), name]
  }
  if (isClosed) yield ['additionalProperties', { ...value, corpusUndeclared: 1 }, 'corpusUndeclared']
  if (minProperties > 0) yield ['minProperties', {}]
}

function replaced(whole: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(whole))
    return whole.map((item, index) => (String(index) === key ? replaced(item, rest, value) : item))
  return Object.fromEntries(
    Object.entries(whole as object).map(([name, inner]) => [name, name === key ? replaced(inner, rest, value) : inner]),
  )
}

import type { Decode } from '../../runtime/validation/decode.ts'
import type { Scalar } from '../../runtime/validation/scalars.ts'
import { isObject } from '../model/json.ts'
import type { Lowered, Reference } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import type { Scope } from './define.ts'
import { follow, partsOf, type SchemaType, typesOf } from './schema-types.ts'

type ScalarName =
  | 'string'
  | 'word'
  | 'nothing'
  | 'boolean'
  | 'integer'
  | 'int32'
  | 'int64'
  | 'number'
  | 'json'
  | 'structure'

/** How a text is read as what a schema admits. */
export class SchemaDecode {
  readonly #scope: Pick<Scope, 'runtime'>
  readonly #formats: 'assert' | 'annotate'

  constructor(scope: Pick<Scope, 'runtime'>, formats: 'assert' | 'annotate' = 'assert') {
    this.#scope = scope
    this.#formats = formats
  }

  scalar(name: ScalarName): Reference<Scalar> {
    return this.#scope.runtime('validation/scalars', name)
  }

  /** Undefined: as text, which is what the runtime does unasked. */
  of(schema: SpecNode | undefined): Lowered<Decode> | undefined {
    const ways = this.#ways(schema, new Set(), false)
    if (ways.length === 0) return undefined
    if (ways.length > 1) return { anyOf: ways.map((way) => way ?? this.scalar('string')) }
    return ways[0]
  }

  /** As a field of a form is read that has no style: structures are JSON, items of a list are fields of one name. */
  ofField(schema: SpecNode | undefined): Lowered<Decode> | undefined {
    const ways = this.#ways(schema, new Set(), false)
    const [only] = ways
    if (ways.length < 2) return only === undefined ? undefined : this.#asField(only)
    const plain = ways.filter((way) => way === undefined || !('properties' in way))
    const texts = plain.map((way) => (way === undefined ? this.scalar('string') : this.#asField(way)))
    return { anyOf: plain.length < ways.length ? [this.scalar('structure'), ...texts] : texts }
  }

  #asField(way: Lowered<Decode>): Lowered<Decode> {
    if ('properties' in way) return this.scalar('json')
    if (!('items' in way)) return way
    return 'properties' in way.items || 'items' in way.items ? { items: this.scalar('json') } : way
  }

  /** Whether reading the text has judged all that the schema says: then no validator is needed. */
  isExact(schema: SpecNode | undefined, nested = false): boolean {
    if (schema === undefined || schema.value === true) return true
    if (!isObject(schema.value)) return false
    const { value } = schema
    if (schema.reference !== undefined) {
      return (
        !nested &&
        Object.keys(value).every((key) => key === '$ref' || isAnnotation(key)) &&
        this.isExact(follow(schema))
      )
    }
    const keys = Object.keys(value).filter((key) => !isAnnotation(key))
    const { type, format } = value
    const types = typesOf(schema)
    if (types === undefined) return keys.length === 0
    if (typeof type !== 'string') return false
    return keys.every((key) => {
      if (key === 'type') return true
      if (key === 'format') return this.#isReadFormat(type, format)
      if (key === 'items')
        return type === 'array' && this.#isFlat(schema.at('items')) && this.isExact(schema.at('items'))
      if (key === 'properties') {
        const members = schema.at('properties')?.entries() ?? []
        return type === 'object' && members.every(([, member]) => this.#isFlat(member) && this.isExact(member))
      }
      if (key === 'additionalProperties') {
        const others = schema.at('additionalProperties')
        return type === 'object' && others?.value !== false && this.#isFlat(others) && this.isExact(others)
      }
      return false
    })
  }

  #isReadFormat(type: string, format: unknown): boolean {
    if (this.#formats === 'annotate') return true
    if (type === 'integer') return format === 'int32' || format === 'int64'
    return type === 'string' && (format === 'password' || format === 'binary')
  }

  #isFlat(schema: SpecNode | undefined): boolean {
    const types = typesOf(schema)
    return types === undefined || (!types.has('array') && !types.has('object'))
  }

  /** One decoder per type, the most specific first; undefined stands for text. */
  #ways(schema: SpecNode | undefined, seen: ReadonlySet<unknown>, asItem: boolean): (Lowered<Decode> | undefined)[] {
    const types = typesOf(schema)
    // A schema inside itself: what is written in one text cannot nest without end.
    if (types === undefined || schema === undefined || seen.has(follow(schema).value)) return []
    const within = new Set([...seen, follow(schema).value])
    return order
      .filter((type) => types.has(type) && !(type === 'integer' && types.has('number')))
      .map((type) => this.#way(type, schema, within, asItem))
  }

  #way(type: SchemaType, schema: SpecNode, seen: ReadonlySet<unknown>, asItem: boolean): Lowered<Decode> | undefined {
    switch (type) {
      case 'null':
        return this.scalar('nothing')
      case 'boolean':
        return this.scalar('boolean')
      case 'integer':
        return this.scalar(this.#integer(schema))
      case 'number':
        return this.scalar('number')
      case 'array':
        return { items: this.#inner(firstOf(schema, 'items'), seen, true) }
      case 'object':
        return this.#object(schema, seen)
      default:
        return asItem && isEnumeration(schema) ? this.scalar('word') : undefined
    }
  }

  #integer(schema: SpecNode): ScalarName {
    if (this.#formats === 'annotate') return 'integer'
    const formats = new Set(partsOf(schema).map((part) => part.at('format')?.string))
    return formats.has('int32') ? 'int32' : formats.has('int64') ? 'int64' : 'integer'
  }

  #inner(schema: SpecNode | undefined, seen: ReadonlySet<unknown>, asItem: boolean): Lowered<Decode> {
    const ways = this.#ways(schema, seen, asItem).map((way) => way ?? this.scalar('string'))
    return ways.length > 1 ? { anyOf: ways } : (ways[0] ?? this.scalar('string'))
  }

  #object(schema: SpecNode, seen: ReadonlySet<unknown>): Lowered<Decode> {
    const properties = new Map<string, Lowered<Decode>>()
    let others: Lowered<Decode> | undefined
    for (const part of partsOf(schema)) {
      for (const [name, member] of part.at('properties')?.entries() ?? []) {
        if (!properties.has(name)) properties.set(name, this.#inner(member, seen, false))
      }
      const rest = part.at('additionalProperties') ?? part.at('patternProperties')?.entries()[0]?.[1]
      if (rest !== undefined && rest.value !== false) others ??= this.#inner(rest, seen, false)
    }
    return { properties: Object.fromEntries(properties), ...(others === undefined ? {} : { others }) }
  }
}

const order: readonly SchemaType[] = ['null', 'boolean', 'integer', 'number', 'array', 'object', 'string']

/** The first schema under `keyword` in what is said about the value. */
function firstOf(schema: SpecNode, keyword: string): SpecNode | undefined {
  for (const part of partsOf(schema)) {
    const found = part.at(keyword)
    if (found !== undefined) return found
  }
  return undefined
}

/** Only values without a delimiter are allowed. */
function isEnumeration(schema: SpecNode): boolean {
  const list = firstOf(schema, 'enum')?.value
  return Array.isArray(list) && list.every((value) => typeof value !== 'string' || !/[,\s|]/.test(value))
}

const annotations = new Set([
  ...['title', 'description', 'default', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly', 'externalDocs'],
  ...['xml', '$comment', 'nullable'],
])

function isAnnotation(key: string): boolean {
  return annotations.has(key) || key.startsWith('x-')
}

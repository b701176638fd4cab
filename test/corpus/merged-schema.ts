import { isReadOnly } from './read-only.ts'
import { isMembers, type Located, type Members, type SourceDocument, Unreadable } from './source-document.ts'

/** What schemas that one value must meet ask together, as far as making one needs to know. */
export interface MergedSchema {
  /** Undefined: any. */
  readonly types: ReadonlySet<string> | undefined
  /** Values it must be among: the smallest such list. */
  readonly values: readonly unknown[] | undefined
  readonly minimum: number
  readonly maximum: number
  readonly exclusiveMinimum: number
  readonly exclusiveMaximum: number
  readonly multipleOf: number | undefined
  readonly minLength: number
  readonly maxLength: number
  readonly patterns: readonly string[]
  readonly formats: readonly string[]
  readonly minItems: number
  readonly maxItems: number
  readonly uniqueItems: boolean
  readonly items: readonly Located[]
  readonly prefixItems: readonly Located[]
  readonly properties: ReadonlyMap<string, readonly Located[]>
  readonly required: ReadonlySet<string>
  /** Members that only responses have. */
  readonly readOnly: ReadonlySet<string>
  readonly others: readonly Located[]
  readonly isClosed: boolean
  readonly minProperties: number
  readonly maxProperties: number
  readonly examples: readonly unknown[]
}

/** Chooses a branch of a union. */
export type Choose = (branches: readonly Located[], owner: Located) => Located | undefined

/** @throws Unreadable */
export function mergeSchemas(source: SourceDocument, schemas: readonly Located[], choose: Choose): MergedSchema {
  const merging = new Merging()
  const pending = [...schemas]
  const seen = new Set<unknown>()
  for (let at = pending.shift(); at !== undefined; at = pending.shift()) {
    if (at.value === false) throw new Unreadable('nothing meets false')
    if (!isMembers(at.value) || seen.has(at.value)) continue
    seen.add(at.value)
    const { value, file } = at
    for (const key of ['$ref', '$dynamicRef']) {
      if (typeof value[key] === 'string') pending.push(source.target(value[key], file))
    }
    if (typeof value['$ref'] === 'string' && !source.isModern) continue
    merging.add(source, at, value)
    pending.push(...source.items(source.at(at, 'allOf')))
    for (const key of ['anyOf', 'oneOf']) {
      const branches = source.items(source.at(at, key))
      const branch = branches.length === 0 ? undefined : choose(branches, at)
      if (branch !== undefined) pending.push(branch)
    }
  }
  return merging
}

class Merging implements MergedSchema {
  types: ReadonlySet<string> | undefined
  values: readonly unknown[] | undefined
  minimum = Number.NEGATIVE_INFINITY
  maximum = Number.POSITIVE_INFINITY
  exclusiveMinimum = Number.NEGATIVE_INFINITY
  exclusiveMaximum = Number.POSITIVE_INFINITY
  multipleOf: number | undefined
  minLength = 0
  maxLength = Number.POSITIVE_INFINITY
  patterns: string[] = []
  formats: string[] = []
  minItems = 0
  maxItems = Number.POSITIVE_INFINITY
  uniqueItems = false
  items: Located[] = []
  prefixItems: Located[] = []
  properties = new Map<string, Located[]>()
  required = new Set<string>()
  readOnly = new Set<string>()
  others: Located[] = []
  isClosed = false
  minProperties = 0
  maxProperties = Number.POSITIVE_INFINITY
  examples: unknown[] = []

  add(source: SourceDocument, at: Located, value: Members): void {
    this.#addTypes(value)
    this.#addLimits(value)
    if (typeof value['pattern'] === 'string') this.patterns.push(value['pattern'])
    if (typeof value['format'] === 'string') this.formats.push(value['format'])
    const list = 'const' in value ? [value['const']] : value['enum']
    if (Array.isArray(list) && (this.values === undefined || list.length < this.values.length)) this.values = list
    if (value['uniqueItems'] === true) this.uniqueItems = true
    const items = source.at(at, 'items')
    if (Array.isArray(items?.value)) this.prefixItems = source.items(items)
    else if (items !== undefined) this.items.push(items)
    if (Array.isArray(value['prefixItems'])) this.prefixItems = source.items(source.at(at, 'prefixItems'))
    for (const [name, property] of source.entries(source.at(at, 'properties'))) {
      this.properties.set(name, [...(this.properties.get(name) ?? []), property])
      if (isReadOnly(source, property)) this.readOnly.add(name)
    }
    if (Array.isArray(value['required'])) for (const name of value['required']) this.required.add(String(name))
    const others = source.at(at, 'additionalProperties')
    if (others?.value === false || value['unevaluatedProperties'] === false) this.isClosed = true
    else if (others !== undefined) this.others.push(others)
    for (const example of [value['example'], value['default'], value['x-example']]) {
      if (example !== undefined) this.examples.push(example)
    }
    if (Array.isArray(value['examples'])) this.examples.push(...value['examples'])
  }

  #addTypes(value: Members): void {
    const type = value['type'] === 'file' ? 'string' : value['type']
    const names = Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : undefined
    if (names === undefined) return
    const own = new Set(names.includes('number') ? [...names, 'integer'] : names)
    this.types = this.types === undefined ? own : this.types.intersection(own)
  }

  #addLimits(value: Members): void {
    const number = (key: string, other: number): number => (typeof value[key] === 'number' ? value[key] : other)
    this.minimum = Math.max(this.minimum, number('minimum', this.minimum))
    this.maximum = Math.min(this.maximum, number('maximum', this.maximum))
    const least = value['exclusiveMinimum'] === true ? 'minimum' : 'exclusiveMinimum'
    const most = value['exclusiveMaximum'] === true ? 'maximum' : 'exclusiveMaximum'
    this.exclusiveMinimum = Math.max(this.exclusiveMinimum, number(least, this.exclusiveMinimum))
    this.exclusiveMaximum = Math.min(this.exclusiveMaximum, number(most, this.exclusiveMaximum))
    if (typeof value['multipleOf'] === 'number') this.multipleOf = value['multipleOf']
    this.minLength = Math.max(this.minLength, number('minLength', 0))
    this.maxLength = Math.min(this.maxLength, number('maxLength', Number.POSITIVE_INFINITY))
    this.minItems = Math.max(this.minItems, number('minItems', 0))
    this.maxItems = Math.min(this.maxItems, number('maxItems', Number.POSITIVE_INFINITY))
    this.minProperties = Math.max(this.minProperties, number('minProperties', 0))
    this.maxProperties = Math.min(this.maxProperties, number('maxProperties', Number.POSITIVE_INFINITY))
  }
}

/** The type to make: what is said, else what the other keywords are about. */
export function typeOf(schema: MergedSchema): string | undefined {
  const { types } = schema
  const wanted = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']
  if (types !== undefined) return wanted.find((type) => types.has(type))
  if (schema.properties.size > 0 || schema.required.size > 0 || schema.others.length > 0) return 'object'
  if (schema.items.length > 0 || schema.prefixItems.length > 0 || schema.minItems > 0) return 'array'
  if (schema.patterns.length > 0 || schema.minLength > 0 || Number.isFinite(schema.maxLength)) return 'string'
  if (Number.isFinite(schema.minimum) || Number.isFinite(schema.maximum)) return 'number'
  return undefined
}

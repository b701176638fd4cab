import { type MergedSchema, mergeSchemas, typeOf } from './merged-schema.ts'
import { sampleText } from './sample-text.ts'
import { isMembers, type Located, type SourceDocument, Unreadable } from './source-document.ts'

export interface SampleWish {
  /** Optional members too. */
  readonly full: boolean
  /** Which branch of unions; counted round. */
  readonly branch: number
}

interface Way extends SampleWish {
  readonly depth: number
  /** Tells the items of a list apart. */
  readonly variant: number
}

/** A value that should meet the schema; the oracle says whether it does. @throws Unreadable */
export function sample(source: SourceDocument, schema: Located, wish: SampleWish): unknown {
  return make(source, [schema], { ...wish, depth: 0, variant: 0 })
}

function make(source: SourceDocument, schemas: readonly Located[], way: Way): unknown {
  if (way.depth > 12) throw new Unreadable('too deep')
  const merged = mergeSchemas(source, schemas, (branches, owner) => chosen(source, branches, owner, way.branch))
  const { values } = merged
  if (values !== undefined) {
    const usable = values.filter((value) => value !== null && fitsType(merged, value))
    const value = usable[way.variant % Math.max(usable.length, 1)]
    if (value !== undefined) return value
    if (values.includes(null)) return null
    throw new Unreadable('no value is allowed')
  }
  switch (typeOf(merged)) {
    case 'object':
      return makeObject(source, merged, way)
    case 'array':
      return makeArray(source, merged, way)
    case 'integer':
    case 'number':
      return makeNumber(merged, way.variant)
    case 'boolean':
      return way.variant % 2 === 0
    case 'null':
      return null
    default:
      return sampleText(merged, way.variant)
  }
}

function fitsType({ types }: MergedSchema, value: unknown): boolean {
  if (types === undefined) return true
  if (typeof value === 'number') return types.has('number') || (types.has('integer') && Number.isInteger(value))
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  return types.has(type)
}

/** The branch whose turn it is, with the tag that a discriminator asks for. */
function chosen(source: SourceDocument, branches: readonly Located[], owner: Located, turn: number): Located {
  const index = turn % branches.length
  const branch = branches[index]!
  const discriminator = source.at(owner, 'discriminator')
  const property = discriminator === undefined ? undefined : source.at(discriminator, 'propertyName')?.value
  const reference = isMembers(branch.value) ? branch.value['$ref'] : undefined
  if (typeof property !== 'string' || typeof reference !== 'string') return branch
  const target = source.resolve(branch).value
  const mapped = source.entries(source.at(discriminator!, 'mapping')).find(([, { value, file }]) => {
    try {
      return typeof value === 'string' && (reference === value || source.target(value, file).value === target)
    } catch {
      return reference.endsWith(`/${String(value)}`)
    }
  })
  const tag = mapped?.[0] ?? decodeURIComponent(reference.split('/').at(-1) ?? '')
  if (!admits(source, branch, property, tag)) return branch
  const value = {
    allOf: [branch.value, { properties: { [property]: { type: 'string', enum: [tag] } }, required: [property] }],
  }
  return { value, file: branch.file }
}

/** Authors who write no mapping often have other tags in mind than the names of their schemas. */
function admits(source: SourceDocument, branch: Located, property: string, tag: string): boolean {
  const first = (branches: readonly Located[]): Located | undefined => branches[0]
  const parts = mergeSchemas(source, [branch], first).properties.get(property) ?? []
  return mergeSchemas(source, parts, first).values?.includes(tag) ?? true
}

function makeObject(source: SourceDocument, schema: MergedSchema, way: Way): unknown {
  const { properties, required, readOnly, others, isClosed, minProperties, maxProperties } = schema
  const object: Record<string, unknown> = {}
  const set = (name: string, value: unknown): void => {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  }
  const inner = { ...way, depth: way.depth + 1 }
  for (const name of required) {
    if (!readOnly.has(name)) set(name, make(source, properties.get(name) ?? others, inner))
  }
  const optional = [...properties].filter(([name]) => !required.has(name) && !readOnly.has(name))
  const wanted = way.full && way.depth < 3 ? 12 : 0
  for (const [name, parts] of optional) {
    const count = Object.keys(object).length
    if (count >= maxProperties || (count >= minProperties && count >= required.size + wanted)) break
    try {
      set(name, make(source, parts, inner))
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
    }
  }
  const isMap = others.length > 0 && properties.size === 0 && way.full && way.depth < 3
  const fill = Math.max(minProperties, isMap ? 1 : 0)
  for (let n = 0; Object.keys(object).length < fill && n < 20 && !isClosed; n++) {
    set(`member${n}`, make(source, others, inner))
  }
  return object
}

function makeArray(source: SourceDocument, schema: MergedSchema, way: Way): unknown[] {
  const { items, prefixItems, minItems, maxItems } = schema
  const wanted = way.full && way.depth < 4 ? 1 : 0
  const count = Math.min(Math.max(minItems, wanted, prefixItems.length), maxItems)
  if (count > 1000) throw new Unreadable('too many items')
  return Array.from({ length: count }, (_, index) => {
    const part = prefixItems[index]
    return make(source, part === undefined ? items : [part], { ...way, depth: way.depth + 1, variant: index })
  })
}

function makeNumber(schema: MergedSchema, variant: number): number {
  const { multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum, types } = schema
  const isInteger = types?.has('number') !== true
  const step = multipleOf ?? 1
  const fits = (value: number): boolean =>
    value >= minimum &&
    value <= maximum &&
    value > exclusiveMinimum &&
    value < exclusiveMaximum &&
    (!isInteger || Number.isInteger(value))
  const least = Math.max(minimum, exclusiveMinimum)
  const most = Math.min(maximum, exclusiveMaximum)
  const from = Number.isFinite(least)
    ? Math.ceil(least / step) * step
    : Number.isFinite(most)
      ? Math.floor(most / step) * step
      : step
  const candidates = [
    (1 + variant) * step,
    from + variant * step,
    from + (variant + 1) * step,
    from - step,
    0,
    ...(isInteger || multipleOf !== undefined ? [] : [(least + most) / 2, least, most]),
    ...schema.examples.filter((example) => typeof example === 'number'),
  ]
  const value = candidates.find(fits)
  if (value === undefined) throw new Unreadable('no number fits')
  return value
}

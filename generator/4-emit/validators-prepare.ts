import { isObject, type Json } from '../model/json.ts'
import { engineOf } from '../model/pattern/engine.ts'
import { patternKind } from '../model/pattern.ts'
import type { Components, Direction } from './validators-components.ts'
import { discriminated } from './validators-discriminator.ts'

/** A schema that becomes a function of its own. */
export interface Unit {
  /** Undefined for a schema written in place. */
  readonly component: string | undefined
  /** A component without the unions that lead back to it: what its children mean by `allOf` of it. */
  readonly core: boolean
  readonly direction: Direction | 'both'
}

export interface Preparation {
  readonly components: Components
  readonly formats: 'assert' | 'annotate'
  /** The name of the function that judges a component; asking for it makes sure that it is emitted. */
  functionFor(unit: Unit): string
}

interface Around extends Unit {
  /** Members that `required` does not ask for here, because a schema around this one says so. */
  readonly notRequired: ReadonlySet<string>
  /** How this schema stands to the value of the unit: all of it, one way it may be, or something inside it. */
  readonly role: 'all' | 'union' | 'inner'
}

type Prepared = boolean | { [keyword: string]: unknown }

/**
 * A schema as ajv shall compile it: the keywords that assert something, and nothing else; references as names of functions;
 * `required` as the direction has it; unions with a discriminator as a choice by tag.
 */
export function prepareUnit(schema: Json, unit: Unit, preparation: Preparation): Prepared {
  const around: Around = { ...unit, notRequired: new Set(), role: 'all' }
  const { component } = unit
  const family = component === undefined || unit.core ? undefined : preparation.components.hierarchyOf(component)
  if (family === undefined) return new Preparing(preparation).schema(schema, around)
  const branches = family.schemas.map((branch) =>
    new Preparing(preparation).schema(branch, { ...around, role: 'union' }),
  )
  return { variants: [...branches, { $ref: preparation.functionFor({ ...unit, core: true }) }], tags: family.tags }
}

/** Keywords that are taken as they are, where their value is of the right type. */
const assertions: Readonly<Record<string, (value: unknown) => boolean>> = {
  multipleOf: (value) => typeof value === 'number' && value > 0,
  ...Object.fromEntries(
    ['maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'].map((key) => [key, Number.isFinite]),
  ),
  ...Object.fromEntries(
    [
      'maxLength',
      'minLength',
      'maxItems',
      'minItems',
      'maxProperties',
      'minProperties',
      'maxContains',
      'minContains',
    ].map((key) => [key, (value: unknown) => typeof value === 'number' && value >= 0]),
  ),
  pattern: (value) => typeof value === 'string' && flagsOf(value) !== undefined,
  uniqueItems: (value) => value === true,
  dependentRequired: isObject,
}

const types = new Set(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'])

class Preparing {
  readonly #preparation: Preparation

  constructor(preparation: Preparation) {
    this.#preparation = preparation
  }

  schema(schema: unknown, around: Around): Prepared {
    if (typeof schema === 'boolean') return schema
    if (!isObject(schema)) return true
    const out: { [keyword: string]: unknown } = {}
    const { components } = this.#preparation
    const here: Around = {
      ...around,
      notRequired: around.notRequired.union(components.notRequired(schema, around.direction)),
    }
    for (const [key, isRight] of Object.entries(assertions)) if (isRight(schema[key])) out[key] = schema[key]
    this.#values(schema, here, out)
    this.#reference(schema, here, out)
    this.#unions(schema, here, out)
    this.#conditions(schema, here, out)
    this.#members(schema, here, out)
    this.#items(schema, here, out)
    return out
  }

  #values(schema: Raw, around: Around, out: Prepared & object): void {
    const written = typeof schema['type'] === 'string' ? [schema['type']] : schema['type']
    const known = Array.isArray(written) ? written.filter((type) => types.has(type)) : []
    if (known.length > 0) out['type'] = known.length === 1 ? known[0] : [...new Set(known)]
    if (Object.hasOwn(schema, 'const')) out['const'] = schema['const']
    if (Array.isArray(schema['enum'])) {
      if (schema['enum'].length > 0) out['enum'] = schema['enum']
      else out['not'] = {}
    }
    if (this.#preparation.formats === 'assert' && typeof schema['format'] === 'string') out['format'] = schema['format']
    if (Array.isArray(schema['required'])) {
      const names = schema['required'].filter((name) => typeof name === 'string' && !around.notRequired.has(name))
      if (names.length > 0) out['required'] = [...new Set(names)]
    }
  }

  #reference(schema: Raw, around: Around, out: Prepared & object): void {
    const target = this.#target(schema['$ref'], around)
    if (target === undefined) return
    out['$ref'] = target
    if (around.role === 'all' && this.#leadsBack(schema, around)) out['again'] = true
  }

  /** The function for a reference; undefined where it judges nothing that is not judged already. */
  #target(reference: unknown, around: Around): string | undefined {
    const { components, functionFor } = this.#preparation
    const name = components.nameOf(reference)
    if (name === undefined) return undefined
    // Where nothing is read-only or write-only the same function serves both ways.
    const { direction: way } = around
    const direction = way !== 'both' && components.differs(name, way) ? way : 'both'
    const circular =
      around.role !== 'inner' && around.component !== undefined && components.inOneCircle(around.component, name)
    if (circular && name === around.component) return undefined
    // What a child says of its parent is what the parent says of everybody, not which child it is.
    const isParent =
      circular && components.hierarchyOf(name) !== undefined && components.childrenOf(name).includes(around.component!)
    return functionFor({ component: name, core: circular && (around.role === 'all' || isParent), direction })
  }

  #unions(schema: Raw, around: Around, out: Prepared & object): void {
    const choice =
      around.core && around.role !== 'inner' ? undefined : discriminated(schema, this.#preparation.components)
    if (choice !== undefined) {
      out['variants'] = choice.schemas.map((branch) => this.#branch(branch, around))
      out['tags'] = choice.tags
    }
    if (Array.isArray(schema['allOf'])) {
      const parts = schema['allOf'].map((part) => this.schema(part, around)).filter(isMeaningful)
      if (parts.length > 0) out['allOf'] = parts
    }
    for (const key of ['anyOf', 'oneOf'] as const) {
      const branches = schema[key]
      if (!Array.isArray(branches) || branches.length === 0 || choice?.keyword === key) continue
      if (around.core && around.role !== 'inner' && branches.some((branch) => this.#leadsBack(branch, around))) continue
      out[key] = branches.map((branch) => this.#branch(branch, around))
    }
  }

  #branch(schema: unknown, around: Around): Prepared {
    const role = around.role === 'inner' ? 'inner' : 'union'
    const { components } = this.#preparation
    // "This or a string" says no more than "a string": a branch that is the schema itself never decides.
    if (role === 'union' && isObject(schema) && around.component !== undefined) {
      if (components.nameOf(schema['$ref']) === around.component) return false
    }
    return this.schema(schema, { ...around, role })
  }

  #leadsBack(schema: unknown, around: Around): boolean {
    const { components } = this.#preparation
    const name = isObject(schema) ? components.nameOf(schema['$ref']) : undefined
    return name !== undefined && around.component !== undefined && components.inOneCircle(around.component, name)
  }

  #conditions(schema: Raw, around: Around, out: Prepared & object): void {
    const role = around.role === 'inner' ? 'inner' : 'union'
    const inside = { ...around, role } as const
    if (schema['not'] !== undefined) {
      const not = this.schema(schema['not'], inside)
      // An empty enum has taken `not` already; both forbid.
      if (out['not'] === undefined) out['not'] = not
    }
    if (schema['if'] !== undefined) {
      const [condition, then, otherwise] = ['if', 'then', 'else'].map((key) =>
        schema[key] === undefined ? undefined : this.schema(schema[key], inside),
      )
      if (then === undefined) {
        // ajv forgets what an `if` without `then` has evaluated; said in this way it does not.
        const failed = otherwise === undefined ? true : { not: condition, allOf: [otherwise] }
        out['allOf'] = [...((out['allOf'] as unknown[] | undefined) ?? []), { anyOf: [condition, failed] }]
      } else {
        out['if'] = condition
        out['then'] = then
        if (otherwise !== undefined) out['else'] = otherwise
      }
    }
    if (isObject(schema['dependentSchemas'])) {
      out['dependentSchemas'] = mapMembers(schema['dependentSchemas'], (part) => this.schema(part, inside))
    }
  }

  #members(schema: Raw, around: Around, out: Prepared & object): void {
    const inside: Around = { ...around, notRequired: new Set(), role: 'inner' }
    if (isObject(schema['properties'])) {
      const properties = mapMembers(schema['properties'], (part) => this.schema(part, inside))
      // ajv leaves out a property of this name; as a pattern it is judged like any other.
      const { ['__proto__']: inherited, ...others } = properties
      if (Object.hasOwn(properties, '__proto__')) out['patternProperties'] = { '^__proto__$': inherited }
      out['properties'] = others
    }
    if (isObject(schema['patternProperties'])) {
      const usable = Object.fromEntries(
        Object.entries(schema['patternProperties']).filter(([pattern]) => flagsOf(pattern) !== undefined),
      )
      out['patternProperties'] = {
        ...(out['patternProperties'] as object | undefined),
        ...mapMembers(usable, (part) => this.schema(part, inside)),
      }
    }
    for (const key of ['additionalProperties', 'propertyNames', 'unevaluatedProperties']) {
      if (schema[key] !== undefined) out[key] = this.schema(schema[key], inside)
    }
  }

  #items(schema: Raw, around: Around, out: Prepared & object): void {
    const inside: Around = { ...around, notRequired: new Set(), role: 'inner' }
    for (const key of ['items', 'contains', 'unevaluatedItems']) {
      if (schema[key] !== undefined) out[key] = this.schema(schema[key], inside)
    }
    if (Array.isArray(schema['prefixItems']) && schema['prefixItems'].length > 0) {
      out['prefixItems'] = schema['prefixItems'].map((part) => this.schema(part, inside))
    }
  }
}

interface Raw {
  readonly [key: string]: unknown
}

function isMeaningful(schema: Prepared): boolean {
  return schema !== true && (schema === false || Object.keys(schema).length > 0)
}

function mapMembers(members: Raw, map: (value: unknown) => unknown): { [key: string]: unknown } {
  // fromEntries defines members, so that `__proto__` is one like any other.
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, map(value)]))
}

/** The flags a pattern is run with; undefined where no engine here gives it the meaning its author gave it. */
export function flagsOf(pattern: string): 'u' | '' | undefined {
  const kind = patternKind(pattern)
  if (engineOf(pattern).kind === 'never') return undefined
  return kind === 'unicode' ? 'u' : kind === 'legacy' ? '' : undefined
}

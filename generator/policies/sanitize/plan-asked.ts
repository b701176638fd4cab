import type { Validator } from '../../../runtime/core/validator.ts'
import type { Asked, AskedParts, JsonType } from '../../../runtime/projection/asked.ts'
import { isObject } from '../../model/json.ts'
import type { Reference } from '../../model/service-plan.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { componentName } from '../component-name.ts'
import type { OperationScope } from '../define.ts'
import { isHidden } from './visibility.ts'

type V = Reference<Validator>
type One = Asked<V>
type Parts = { -readonly [K in keyof AskedParts<V>]: AskedParts<V>[K] }

/**
 * What alternatives ask of values, for those whose schemas say only what can be told from the text of a value; what is said
 * beyond that of a member or an item is left to a validator of its own. It says exactly what the validator of the alternative
 * says: where that is not plain, nothing is said here, and the validator judges.
 */
export class AskedPlanner {
  /** Without a prototype: a component may be called `__proto__`. */
  readonly components: { [name: string]: One } = Object.create(null)
  readonly #told = new Map<unknown, boolean>()

  /** Undefined: only a validator can tell. */
  alternative(schema: SpecNode, scope: OperationScope): One | undefined {
    return this.#isTold(schema, []) ? this.#asked(schema, scope) : undefined
  }

  #inner(schema: SpecNode, scope: OperationScope): One {
    return this.alternative(schema, scope) ?? { test: scope.validator(schema, 'response', 'part') }
  }

  /** Whether all that is said of the very value the schema stands for can be told. @param around those it is a part of */
  #isTold(schema: SpecNode, around: readonly unknown[]): boolean {
    const { value } = schema
    if (value === true) return true
    if (!isObject(value) || around.includes(value)) return false
    let isTold = this.#told.get(value)
    if (isTold === undefined) {
      const within = [...around, value]
      isTold = says(schema) && partsOf(schema).every((part) => part !== undefined && this.#isTold(part, within))
      this.#told.set(value, isTold)
    }
    return isTold
  }

  #asked(schema: SpecNode, scope: OperationScope): One {
    const { value } = schema
    if (!isObject(value)) return 'any'
    const parts: Parts = {}
    const types = typesIn(value)
    if (types !== undefined) parts.types = types
    if (keysOf(value).some((key) => leaf.has(key)))
      return { ...parts, test: scope.validator(schema, 'response', 'part') }
    const values = Object.hasOwn(value, 'const') ? [value['const']] : value['enum']
    if (values !== undefined) parts.values = values as NonNullable<Parts['values']>
    if (value['required'] !== undefined) parts.required = [...new Set(value['required'] as string[])]
    this.#members(schema, parts, scope)
    this.#composed(schema, parts, scope)
    const { all, ...own } = parts
    const [only] = all ?? []
    if (Object.keys(own).length > 0) return parts
    return all?.length === 1 && only !== undefined ? only : all === undefined ? 'any' : parts
  }

  #members(schema: SpecNode, parts: Parts, scope: OperationScope): void {
    const properties = schema.at('properties')?.entries() ?? []
    if (properties.length > 0)
      parts.properties = Object.fromEntries(properties.map(([name, one]) => [name, this.#inner(one, scope)]))
    const additional = schema.at('additionalProperties')
    if (additional !== undefined) parts.additional = additional.value === false ? false : this.#inner(additional, scope)
    const items = schema.at('items')
    if (items !== undefined) parts.items = this.#inner(items, scope)
  }

  #composed(schema: SpecNode, parts: Parts, scope: OperationScope): void {
    const asked = (keyword: string) =>
      schema
        .at(keyword)
        ?.items()
        .map((branch) => this.#asked(branch, scope))
    const reference = schema.reference === undefined ? [] : [{ is: this.#component(schema, scope) }]
    const all = [...reference, ...(asked('allOf') ?? [])].filter((one) => one !== 'any')
    if (all.length > 0) parts.all = all
    const any = asked('anyOf')
    if (any !== undefined) parts.any = any
    const one = asked('oneOf')
    if (one !== undefined) parts.one = one
  }

  #component(schema: SpecNode, scope: OperationScope): string {
    const name = componentName(schema.reference)!
    if (!Object.hasOwn(this.components, name)) {
      // Its members may lead back to it.
      this.components[name] = 'any'
      this.components[name] = this.#asked(schema.tree.target(schema.reference!)!, scope)
    }
    return name
  }
}

const annotations = new Set([
  ...['title', 'description', 'default', 'example', 'examples', 'deprecated', 'readOnly', 'externalDocs', 'xml'],
  ...['$comment', '$defs', 'definitions'],
])
const told = new Set([
  ...['type', 'const', 'enum', 'required', 'properties', 'additionalProperties', 'items'],
  ...['$ref', 'allOf', 'anyOf', 'oneOf'],
])
/** What is asked of scalars only; their values are had at little cost. */
const leaf = new Set([
  ...['format', 'pattern', 'minLength', 'maxLength'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
])
const jsonTypes = new Set(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'])

function keysOf(value: { readonly [key: string]: unknown }): string[] {
  return Object.keys(value).filter((key) => !annotations.has(key) && !key.startsWith('x-'))
}

/** Whether what a schema says beside references and compositions is plain. */
function says(schema: SpecNode): boolean {
  const value = schema.value as { readonly [key: string]: unknown }
  const keys = keysOf(value)
  const types = typesIn(value)
  if (types?.every((type) => jsonTypes.has(type)) === false || types?.length === 0) return false
  if (keys.some((key) => leaf.has(key))) {
    const isScalarOnly = types?.every((type) => type !== 'object' && type !== 'array') === true
    return isScalarOnly && keys.every((key) => leaf.has(key) || key === 'type' || key === 'enum' || key === 'const')
  }
  return keys.every((key) => told.has(key)) && saysValues(value) && saysMembers(schema)
}

function typesIn({ type }: { readonly [key: string]: unknown }): JsonType[] | undefined {
  if (type === undefined) return undefined
  return (Array.isArray(type) ? type : [type]) as JsonType[]
}

function saysValues(value: { readonly [key: string]: unknown }): boolean {
  const { enum: values } = value
  if (Object.hasOwn(value, 'const')) return values === undefined && isScalar(value['const'])
  return values === undefined || (Array.isArray(values) && values.length > 0 && values.every(isScalar))
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== 'object'
}

function saysMembers(schema: SpecNode): boolean {
  const { required, properties, items } = schema.value as { readonly [key: string]: unknown }
  if (required !== undefined && !(Array.isArray(required) && required.every(isOwnName))) return false
  if (items !== undefined && typeof items !== 'boolean' && !isObject(items)) return false
  if (properties === undefined) return true
  // What is writeOnly is not asked for in answers, whoever requires it.
  return (
    isObject(properties) &&
    schema
      .at('properties')!
      .entries()
      .every(([name, one]) => isOwnName(name) && !isHidden(one))
  )
}

/** No name that every object has: validators take care of those. */
function isOwnName(name: unknown): boolean {
  return typeof name === 'string' && !(name in Object.prototype)
}

/** References and compositions, which are about the same value. */
function partsOf(schema: SpecNode): (SpecNode | undefined)[] {
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => {
    const branches = schema.at(keyword)
    return branches === undefined ? [] : branches.items().length === 0 ? [undefined] : branches.items()
  })
  if (schema.reference === undefined) return lists
  const isComponent = componentName(schema.reference) !== undefined
  return [isComponent ? schema.tree.target(schema.reference) : undefined, ...lists]
}

import type { Validator } from '../../runtime/core/validator.ts'
import { componentReference } from '../model/component-reference.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { pointerTokens } from '../model/place.ts'
import { Reference, type SchemaSetPlan, type ValidatorPlan } from '../model/service-plan.ts'
import { SpecNode } from '../model/spec-node.ts'
import { camelCase, identifier, Names } from './names.ts'

const componentPrefix = '#/components/schemas/'

/** Collects what `schemas/validators.js` must hold: the checks policies ask for and the component schemas they reach. */
export class SchemasPlan {
  readonly #root: SpecNode
  readonly #validators: ValidatorPlan[] = []
  readonly #known = new Map<unknown, Map<string, Reference<Validator>>>()
  readonly #names = new Names()
  #children: ReadonlyMap<string, readonly string[]> | undefined = undefined

  constructor(root: SpecNode) {
    this.#root = root
  }

  /**
   * @param hint names the validator where the schema is written in place; a component's validator is called after the
   * component, one of a shared parameter or response after that
   */
  validator(schema: SpecNode | JsonObject, direction: 'request' | 'response', hint: string): Reference<Validator> {
    const value = (schema instanceof SpecNode ? schema.value : schema) as Json
    const key = isObject(value) && typeof value['$ref'] === 'string' ? value['$ref'] : value
    const byDirection = this.#known.get(key) ?? new Map<string, Reference<Validator>>()
    this.#known.set(key, byDirection)
    const known = byDirection.get(direction)
    if (known !== undefined) return known
    const name = this.#names.claim(identifier(nameFor(schema, direction, hint), 'schema'))
    this.#validators.push({ name, schema: value, direction })
    const reference = new Reference<Validator>('validator', name)
    byDirection.set(direction, reference)
    return reference
  }

  /** And theirs, however deep: a tag may name a grandchild. */
  #childrenOf(name: string): ReadonlySet<string> {
    const children = (this.#children ??= inheritance(this.#root.path('components', 'schemas')))
    const found = new Set(children.get(name))
    // A set grows while it is walked.
    for (const child of found) for (const grandchild of children.get(child) ?? []) found.add(grandchild)
    return found
  }

  /** The validators asked for, and every component schema they reach. */
  plan(): SchemaSetPlan {
    const components = new Map<string, Json>()
    const pending = this.#validators.map((validator) => validator.schema)
    const seen = new Set<unknown>()
    while (pending.length > 0) {
      const value = pending.pop()
      if (typeof value !== 'object' || value === null || seen.has(value)) continue
      seen.add(value)
      for (const name of referencedComponents(value)) {
        if (components.has(name)) continue
        const target = this.#root.path('components', 'schemas')?.at(name)?.value as Json | undefined
        if (target === undefined) continue
        components.set(name, target)
        pending.push(target)
        // A parent's discriminator may name what nothing else refers to: the components that say `allOf` of it.
        if (isObject(target) && target['discriminator'] !== undefined) {
          for (const child of this.#childrenOf(name)) pending.push({ $ref: componentReference('schemas', child) })
        }
      }
      pending.push(...(Object.values(value) as Json[]))
    }
    const sorted = [...components].sort(([a], [b]) => (a < b ? -1 : 1))
    return { components: Object.fromEntries(sorted), validators: this.#validators }
  }
}

/** For each component schema, those that extend it by `allOf`. */
function inheritance(schemas: SpecNode | undefined): Map<string, string[]> {
  const children = new Map<string, string[]>()
  for (const [name, schema] of schemas?.entries() ?? []) {
    for (const branch of schema.at('allOf')?.items() ?? []) {
      for (const parent of referencedComponents({ $ref: branch.reference })) {
        children.set(parent, [...(children.get(parent) ?? []), name])
      }
    }
  }
  return children
}

function referencedComponents(value: object): string[] {
  const targets: unknown[] = [(value as { $ref?: unknown }).$ref, (value as { $dynamicRef?: unknown }).$dynamicRef]
  const discriminator = (value as { discriminator?: { mapping?: unknown; defaultMapping?: unknown } }).discriminator
  if (isObject(discriminator?.mapping)) targets.push(...Object.values(discriminator.mapping))
  targets.push(discriminator?.defaultMapping)
  return targets.flatMap((ref) =>
    typeof ref === 'string' && ref.startsWith(componentPrefix)
      ? (pointerTokens(decodeFragment(ref.slice(1)))[2] ?? [])
      : [],
  )
}

function decodeFragment(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function nameFor(schema: SpecNode | JsonObject, direction: 'request' | 'response', hint: string): string {
  if (!(schema instanceof SpecNode)) return hint
  const ref = schema.reference
  if (ref?.startsWith(componentPrefix)) return `${ref.slice(componentPrefix.length)} in ${direction}`
  // A schema inside a shared parameter, header or response is one validator for all who use it.
  const [components, section, name] = pointerTokens(schema.place.pointer)
  if (components !== 'components' || section === undefined || name === undefined) return hint
  return `${camelCase(name)} ${section === 'schemas' ? direction : section.replace(/s$/, '')}`
}

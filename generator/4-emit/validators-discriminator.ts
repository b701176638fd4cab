import { isObject } from '../model/json.ts'
import { pointerToken } from '../model/place.ts'
import type { Components } from './validators-components.ts'
import type { Tags } from './validators-unions.ts'

/** A union that a member of the value decides (OpenAPI 3.1 §4.8.25, 3.2 §4.25). */
export interface Discriminated {
  readonly tags: Tags
  /** The branches that `tags` counts. */
  readonly schemas: readonly unknown[]
  /** The keyword it stands for; undefined for a parent whose children say `allOf` of it. */
  readonly keyword: 'oneOf' | 'anyOf' | undefined
}

/**
 * Reads `discriminator` where it can decide: every branch has a tag and no tag has two branches. Elsewhere the union is
 * judged branch by branch, as JSON Schema has it, and this is undefined.
 */
export function discriminated(
  schema: { readonly [key: string]: unknown },
  components: Components,
): Discriminated | undefined {
  const written = discriminatorOf(schema)
  const keyword = Array.isArray(schema['oneOf']) ? 'oneOf' : Array.isArray(schema['anyOf']) ? 'anyOf' : undefined
  if (written === undefined || keyword === undefined) return undefined
  const schemas = schema[keyword] as unknown[]
  const mapping = mappingOf(written, components)
  const named = schemas.map((branch) => namedTags(branch, mapping, components))
  const full = schemas.map((branch, index) => [
    ...new Set([...named[index]!, ...writtenTags(components.resolve(branch), written.propertyName, components)]),
  ])
  // Children of one parent often repeat its list of all tags; then the mapping alone can tell them apart.
  const cases = casesOf(full) ?? (mapping.size > 0 ? casesOf(named) : undefined)
  if (cases === undefined) return undefined
  const fallback = componentName(written['defaultMapping'], components)
  const otherwise = schemas.findIndex((branch) => fallback !== undefined && nameOf(branch, components) === fallback)
  const required = (part: unknown): boolean => requires(part, written.propertyName, components)
  const isRequired = required(schema) || schemas.every(required)
  return {
    keyword,
    schemas,
    tags: {
      property: written.propertyName,
      cases,
      union: keyword,
      ...(otherwise === -1 ? {} : { otherwise }),
      ...(isRequired ? {} : { isOptional: true }),
    },
  }
}

/**
 * The children of a parent that has a discriminator and no union: the components that say `allOf` of it (OpenAPI 3.0
 * §4.7.25). A tag that names none is judged by the parent alone: authors of this form seldom list every tag.
 */
export function hierarchy(name: string, components: Components): Discriminated | undefined {
  const schema = components.schemas.get(name)
  const written = isObject(schema) ? discriminatorOf(schema) : undefined
  if (!isObject(schema) || written === undefined || schema['oneOf'] !== undefined || schema['anyOf'] !== undefined) {
    return undefined
  }
  const children = components.childrenOf(name)
  if (children.length === 0) return undefined
  const mapping = mappingOf(written, components)
  const schemas = children.map((child) => ({ $ref: referenceTo(child) }))
  const own = schemas.map((branch, index) => {
    const constants = ownConstants(components.schemas.get(children[index]!), written.propertyName, components)
    return [...new Set([...namedTags(branch, mapping, components), ...constants])]
  })
  const cases = casesOf(own)
  if (cases === undefined) return undefined
  return {
    keyword: undefined,
    schemas,
    tags: { property: written.propertyName, cases, union: 'anyOf', otherwise: schemas.length },
  }
}

/** OpenAPI wants the tag required; where a branch does not say so, a value without one is judged by the union as it stands. */
function requires(
  schema: unknown,
  property: string,
  components: Components,
  seen: ReadonlySet<unknown> = new Set(),
): boolean {
  const target = components.resolve(schema)
  if (!isObject(target) || seen.has(target)) return false
  if (Array.isArray(target['required']) && target['required'].includes(property)) return true
  const within = new Set([...seen, target])
  const parts = Array.isArray(target['allOf']) ? (target['allOf'] as unknown[]) : []
  return parts.some((part) => requires(part, property, components, within))
}

export function referenceTo(name: string): string {
  return `#/components/schemas/${pointerToken(name)}`
}

interface Written {
  readonly propertyName: string
  readonly [key: string]: unknown
}

function discriminatorOf(schema: { readonly [key: string]: unknown }): Written | undefined {
  const written = schema['discriminator']
  return isObject(written) && typeof written['propertyName'] === 'string' ? (written as Written) : undefined
}

/** Undefined where a branch has no tag, or a tag two branches. */
function casesOf(tags: readonly (readonly string[])[]): Tags['cases'] | undefined {
  const cases = tags.flatMap((list, index) => list.map((tag) => [tag, index] as const))
  const distinct = new Set(cases.map(([tag]) => tag)).size === cases.length
  return distinct && tags.every((list) => list.length > 0) ? cases : undefined
}

/** Tag → component. */
function mappingOf(discriminator: { readonly [key: string]: unknown }, components: Components): Map<string, string> {
  const mapping = new Map<string, string>()
  if (!isObject(discriminator['mapping'])) return mapping
  for (const [tag, target] of Object.entries(discriminator['mapping'])) {
    const name = componentName(target, components)
    if (name !== undefined) mapping.set(tag, name)
  }
  return mapping
}

/** A mapping's target is a reference or a component's bare name. */
function componentName(target: unknown, components: Components): string | undefined {
  if (typeof target !== 'string') return undefined
  return components.nameOf(target) ?? (components.schemas.has(target) ? target : undefined)
}

function nameOf(branch: unknown, components: Components): string | undefined {
  return isObject(branch) ? components.nameOf(branch['$ref']) : undefined
}

/** The tags a branch has by its component's name and by the mapping. */
function namedTags(branch: unknown, mapping: ReadonlyMap<string, string>, components: Components): string[] {
  const name = nameOf(branch, components)
  if (name === undefined) return []
  return [name, ...[...mapping].filter(([tag, target]) => target === name && tag !== name).map(([tag]) => tag)]
}

/** Constants a child itself writes for the tag, not those its parent lists. */
function ownConstants(schema: unknown, property: string, components: Components): string[] {
  if (!isObject(schema)) return []
  const inline = Array.isArray(schema['allOf'])
    ? schema['allOf'].filter((part) => nameOf(part, components) === undefined)
    : []
  return [{ ...schema, allOf: undefined }, ...inline].flatMap((part) => writtenTags(part, property, components))
}

/** The constants a schema itself asks of the deciding member. */
function writtenTags(
  schema: unknown,
  property: string,
  components: Components,
  seen: ReadonlySet<unknown> = new Set(),
): string[] {
  if (!isObject(schema) || seen.has(schema)) return []
  const within = new Set([...seen, schema])
  const member = isObject(schema['properties']) && Object.hasOwn(schema['properties'], property)
  const tag = member ? components.resolve((schema['properties'] as { [key: string]: unknown })[property]) : undefined
  if (isObject(tag)) {
    if (typeof tag['const'] === 'string') return [tag['const']]
    if (Array.isArray(tag['enum'])) return tag['enum'].filter((value) => typeof value === 'string')
  }
  const list = (key: string): unknown[] => (Array.isArray(schema[key]) ? schema[key] : [])
  const parts = [...list('allOf'), ...list('oneOf'), ...list('anyOf')]
  return [...new Set(parts.flatMap((part) => writtenTags(components.resolve(part), property, components, within)))]
}

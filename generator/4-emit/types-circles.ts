import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { pointerTokens } from '../model/place.ts'
import { circlesOf } from './circles.ts'

type Schemas = { readonly [name: string]: Json }

const prefix = '#/components/schemas/'

/**
 * TypeScript refuses a type that is itself before it is anything else. Component schemas that lead back to themselves for the
 * same value are cut where the circle says nothing: a child that is all of a parent which is one of its children is all of
 * what the parent says besides; a union with itself is the rest of the union.
 */
export function withoutCircles(schemas: Schemas): Schemas {
  const circles = schemaCircles(schemas, (schema) => sameValue(schema))
  if (circles.size === 0) return schemas
  const cut = new Map(Object.entries(schemas))
  for (const name of circles.keys()) cut.set(name, withoutParents(schemas[name]!, name, schemas, circles))
  const done = new Set<string>()
  for (const name of circles.keys()) cutBack(name, cut, [], done)
  return Object.fromEntries(cut)
}

/** Schemas that hold themselves through lists and unions alone: only the name of a type may stand inside of it like that. */
export function recursiveLists(schemas: Schemas): ReadonlySet<string> {
  return new Set(schemaCircles(schemas, (schema) => [...sameValue(schema), ...inLists(schema)]).keys())
}

function nameOf(schema: unknown): string | undefined {
  const reference = isObject(schema) ? schema['$ref'] : undefined
  return typeof reference === 'string' && reference.startsWith(prefix)
    ? pointerTokens(`/${reference.slice(prefix.length)}`)[0]
    : undefined
}

const compositions = ['allOf', 'anyOf', 'oneOf'] as const

function branchesOf(schema: unknown): Json[] {
  if (!isObject(schema)) return []
  return compositions.flatMap((key) => (Array.isArray(schema[key]) ? (schema[key] as Json[]) : []))
}

/** Components that judge the very value this schema judges. */
function sameValue(schema: unknown): string[] {
  const name = nameOf(schema)
  return [...(name === undefined ? [] : [name]), ...branchesOf(schema).flatMap(sameValue)]
}

/** Components that items of it are, however deep. */
function inLists(schema: unknown): string[] {
  if (!isObject(schema)) return []
  const { items, prefixItems } = schema
  const parts = [...(items === undefined ? [] : [items]), ...(Array.isArray(prefixItems) ? prefixItems : [])]
  const within = parts.flatMap((part) => [...sameValue(part), ...inLists(part)])
  return [...within, ...branchesOf(schema).flatMap(inLists)]
}

/** All that `name` is all of, without unions that lead back to it. */
function withoutParents(schema: Json, name: string, schemas: Schemas, circles: ReadonlyMap<string, number>): Json {
  if (!isObject(schema)) return schema
  const out: { [key: string]: Json } = { ...(schema as JsonObject) }
  if (Array.isArray(schema['allOf'])) {
    out['allOf'] = (schema['allOf'] as Json[]).map((part) => {
      const parent = nameOf(part)
      const isBack = parent !== undefined && circles.get(parent) === circles.get(name)
      return isBack ? coreOf(schemas[parent]) : withoutParents(part, name, schemas, circles)
    })
  }
  return out
}

function coreOf(schema: Json | undefined): Json {
  if (!isObject(schema)) return {}
  const { $ref: _, allOf: _all, anyOf: _any, oneOf: _one, discriminator: _tag, ...core } = schema as JsonObject
  return core
}

/** What is left of a circle ends where it would begin again. */
function cutBack(name: string, cut: Map<string, Json>, path: readonly string[], done: Set<string>): void {
  if (done.has(name)) return
  const within = [...path, name]
  cut.set(name, withoutBack(cut.get(name)!, new Set(within)) ?? {})
  for (const next of sameValue(cut.get(name))) if (cut.has(next)) cutBack(next, cut, within, done)
  done.add(name)
}

/** Undefined where the schema is nothing but a way back. */
function withoutBack(schema: Json, path: ReadonlySet<string>): Json | undefined {
  const name = nameOf(schema)
  if (name !== undefined && path.has(name)) return undefined
  if (!isObject(schema)) return schema
  const out: { [key: string]: Json } = { ...(schema as JsonObject) }
  for (const key of compositions) {
    if (!Array.isArray(schema[key])) continue
    const kept = (schema[key] as Json[]).flatMap((part) => withoutBack(part, path) ?? [])
    if (kept.length > 0) out[key] = kept
    else delete out[key]
  }
  return out
}

/** The circles of schemas by what each leads to. */
function schemaCircles(schemas: Schemas, targets: (schema: Json) => readonly string[]): Map<string, number> {
  return circlesOf(Object.keys(schemas), (name) =>
    [...new Set(targets(schemas[name]!))].filter((target) => Object.hasOwn(schemas, target)),
  )
}

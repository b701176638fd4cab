import { componentReference } from '../model/component-reference.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { pointerTokens } from '../model/place.ts'

/**
 * The document with those of its components that the paths reach. A copy of a component schema takes the name of what it is a
 * copy of, where nothing refers to that any more.
 * @param origins copy → what it is a copy of
 */
export function withCopies(document: JsonObject, origins: ReadonlyMap<string, string>): JsonObject {
  const kept = withReached(document)
  const reached = new Set(Object.keys(schemasOf(kept)))
  const names = new Map<string, string>()
  for (const [copy, origin] of origins) {
    if (!reached.has(copy) || reached.has(origin)) continue
    reached.add(origin)
    names.set(copy, origin)
  }
  if (names.size === 0) return kept
  const references = new Map(
    [...names].map((pair) => pair.map((name) => componentReference('schemas', name)) as [string, string]),
  )
  const renamed = renameIn(kept, references) as JsonObject
  const schemas = Object.entries(schemasOf(renamed)).map(([name, schema]): [string, Json] => [
    names.get(name) ?? name,
    schema,
  ])
  return { ...renamed, components: { ...(renamed['components'] as JsonObject), schemas: Object.fromEntries(schemas) } }
}

/** The document without components that nothing in it refers to. */
export function withReached(document: JsonObject): JsonObject {
  const { components, ...rest } = document as { components?: Json }
  const reached = reachableComponents(rest, components)
  return reached === undefined ? rest : { ...rest, components: reached }
}

function schemasOf(document: JsonObject): JsonObject {
  return ((document['components'] as JsonObject | undefined)?.['schemas'] ?? {}) as JsonObject
}

/** Every text that is one of these references is another one then. Parts without any are shared. */
function renameIn(value: Json, references: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return references.get(value) ?? value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => renameIn(item as Json, references))
    return items.every((item, i) => item === value[i]) ? value : items
  }
  const entries = Object.entries(value as JsonObject).map(([key, item]): [string, Json] => [
    key,
    renameIn(item, references),
  ])
  return entries.every(([key, item]) => item === (value as JsonObject)[key]) ? value : Object.fromEntries(entries)
}

/** The components that the paths reach, security schemes by name included; undefined where there are none. */
export function reachableComponents(document: JsonObject, components: Json | undefined): JsonObject | undefined {
  if (!isObject(components)) return undefined
  const sections = components as { [section: string]: { [name: string]: Json } }
  const reached = new Map<string, Set<string>>()
  const pending: unknown[] = [document]
  const add = (section: string, name: string): void => {
    const names = reached.get(section) ?? new Set<string>()
    reached.set(section, names)
    const target = sections[section]
    if (names.has(name) || !isObject(target) || !Object.hasOwn(target, name)) return
    names.add(name)
    pending.push(target[name])
  }
  const seen = new Set<unknown>()
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === 'string' && item.startsWith('#/components/')) {
        const [, section = '', name = ''] = pointerTokens(
          item.includes('%') ? decodeURIComponent(item.slice(1)) : item.slice(1),
        )
        add(section, name)
      } else if (key === 'security' && Array.isArray(item)) {
        for (const requirement of item)
          for (const scheme of Object.keys(requirement ?? {})) add('securitySchemes', scheme)
      }
      pending.push(item)
    }
  }
  const kept = Object.entries(sections).flatMap(([section, members]): [string, Json][] => {
    const names = reached.get(section)
    if (names === undefined || !isObject(members)) return []
    return [[section, Object.fromEntries(Object.entries(members).filter(([name]) => names.has(name)))]]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

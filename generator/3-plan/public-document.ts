import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { pointerTokens } from '../model/place.ts'
import { reachableComponents } from './public-components.ts'
import { withoutHiddenLinks } from './public-links.ts'

/** Members whose values are the author's data, in which a key called `x-proxy` is just a key. */
const data = new Set(['example', 'examples', 'default', 'enum', 'const', 'value'])

/** Maps whose keys are names the author chose. */
const named = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas'])

export interface PublicView {
  /** Path keys with the methods that are shown and their operations' ids; what is not in here is left out. */
  readonly shown: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly basePath: string
}

/**
 * The contract as callers may see it: no servers of the inside, no operation that is not shown, no component that nothing
 * shown refers to.
 * @param whole the document without `x-proxy`: {@link withoutExtensions}
 */
export function publicDocument(whole: JsonObject, view: PublicView): JsonObject {
  const clean = withoutHiddenLinks(whole, view.shown)
  const paths: [string, Json][] = []
  for (const [path, item] of Object.entries((clean['paths'] ?? {}) as JsonObject)) {
    const methods = view.shown.get(path)
    const resolved = resolveItem(clean, item)
    if (methods !== undefined && isObject(resolved)) paths.push([path, keepMethods(resolved as JsonObject, methods)])
  }
  const { servers: _servers, paths: _paths, components, webhooks: _webhooks, ...rest } = clean
  const document: JsonObject = {
    ...rest,
    openapi: rest['openapi'] === '3.2.0' || paths.some(([, item]) => isOf32(item)) ? '3.2.0' : '3.1.1',
    servers: [{ url: view.basePath === '' ? '/' : view.basePath }],
    ...shownTags(rest['tags'], paths, clean),
    paths: Object.fromEntries(paths),
  }
  // It has been read, and every schema written in the dialect of the version.
  delete (document as { jsonSchemaDialect?: Json })['jsonSchemaDialect']
  dropUnknownSchemes(document, components)
  const kept = reachableComponents(document, components)
  return kept === undefined ? document : { ...document, components: kept }
}

/** Methods that a path item has fields for since 3.2 only; authors of 3.1 write them too. */
function isOf32(item: Json): boolean {
  return isObject(item) && (Object.hasOwn(item, 'query') || Object.hasOwn(item, 'additionalOperations'))
}

/** Tags without those that only what is not shown has: a name can tell what it is for. */
function shownTags(tags: Json | undefined, shown: readonly [string, Json][], clean: JsonObject): JsonObject {
  if (!Array.isArray(tags)) return {}
  const used = tagsOf(shown.map(([, item]) => item))
  const all = tagsOf(
    Object.values((clean['paths'] ?? {}) as JsonObject).map((item) => resolveItem(clean, item) ?? null),
  )
  const parents = new Map(tags.flatMap((tag) => (isObject(tag) ? [[tag['name'], tag['parent']] as const] : [])))
  for (const name of used) {
    const parent = parents.get(name)
    if (typeof parent === 'string') used.add(parent)
  }
  return {
    tags: tags.filter((tag) => !isObject(tag) || !all.has(String(tag['name'])) || used.has(String(tag['name']))),
  }
}

function tagsOf(items: readonly Json[]): Set<string> {
  const names = new Set<string>()
  for (const item of items) {
    if (!isObject(item)) continue
    const additional = isObject(item['additionalOperations']) ? Object.values(item['additionalOperations']) : []
    for (const operation of [...Object.values(item), ...additional]) {
      const tags = isObject(operation) ? operation['tags'] : undefined
      if (Array.isArray(tags)) for (const tag of tags) names.add(String(tag))
    }
  }
  return names
}

/** The document without what is meant for the proxy alone. Parts that have none of it are shared, not copied. */
export function withoutExtensions(value: JsonObject): JsonObject {
  return withoutIn(value, '') as JsonObject
}

function withoutIn(value: Json, key: string): Json {
  if (typeof value !== 'object' || value === null || data.has(key)) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => withoutIn(item as Json, ''))
    return items.every((item, index) => item === value[index]) ? value : items
  }
  const isMap = named.has(key)
  let isSame = true
  const kept: [string, Json][] = []
  for (const [name, item] of Object.entries(value as JsonObject)) {
    if (!isMap && (name === 'x-proxy' || name === 'x-internal')) {
      isSame = false
      continue
    }
    const clean = withoutIn(item, isMap ? '' : name)
    isSame &&= clean === item
    kept.push([name, clean])
  }
  return isSame ? value : Object.fromEntries(kept)
}

function resolveItem(document: JsonObject, item: Json): Json | undefined {
  const ref = isObject(item) ? item['$ref'] : undefined
  if (typeof ref !== 'string') return item
  return pointerTokens(ref.slice(1)).reduce<Json | undefined>(
    (value, token) => (isObject(value) && Object.hasOwn(value, token) ? (value[token] as Json) : undefined),
    document,
  )
}

function keepMethods(item: JsonObject, methods: ReadonlyMap<string, string>): JsonObject {
  const operations = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'])
  const entries = Object.entries(item).filter(
    ([key]) => key !== 'servers' && (!operations.has(key) || methods.has(key.toUpperCase())),
  )
  const shownOperation = (operation: JsonObject, id: string): Json => {
    const { servers: _, ...rest } = operation
    return { ...rest, operationId: id }
  }
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (!isObject(value)) return [key, value]
      if (operations.has(key)) return [key, shownOperation(value as JsonObject, methods.get(key.toUpperCase())!)]
      if (key !== 'additionalOperations') return [key, value]
      const shown = Object.entries(value as JsonObject).flatMap(([method, operation]): [string, Json][] => {
        const id = methods.get(method)
        return id === undefined || !isObject(operation) ? [] : [[method, shownOperation(operation as JsonObject, id)]]
      })
      return [key, Object.fromEntries(shown)]
    }),
  )
}

/** What no request can meet is no alternative: the service leaves it out too. Changes the copies that were made here. */
function dropUnknownSchemes(document: JsonObject, components: Json | undefined): void {
  const schemes = isObject(components) ? (components as JsonObject)['securitySchemes'] : undefined
  const names = new Set(isObject(schemes) ? Object.keys(schemes as JsonObject) : [])
  const isKnown = (requirement: unknown): boolean => Object.keys(requirement ?? {}).every((name) => names.has(name))
  const drop = (owner: { security?: Json }): void => {
    if (Array.isArray(owner.security)) owner.security = owner.security.filter(isKnown)
  }
  drop(document as { security?: Json })
  for (const item of Object.values((document['paths'] ?? {}) as JsonObject)) {
    const own = Object.values(item as JsonObject)
    const additional = Object.values(((item as JsonObject)['additionalOperations'] ?? {}) as JsonObject)
    for (const operation of [...own, ...additional]) if (isObject(operation)) drop(operation as { security?: Json })
  }
}

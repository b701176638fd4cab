import { referenceTokens } from '../model/component-reference.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { pointerTokens } from '../model/place.ts'

/** Path keys, and the methods of each that are shown. */
type Shown = ReadonlyMap<string, ReadonlyMap<string, string>>

/**
 * A document without the links to operations that are not shown: a link tells the name, the path and the parameters of where it
 * leads (OpenAPI §4.22). The same object where there is none.
 * @param clean the whole document
 */
export function withoutHiddenLinks(clean: JsonObject, shown: Shown): JsonObject {
  const hidden = hiddenIds(clean, shown)
  const isShown = (written: Json): boolean => {
    const link = resolved(clean, written)
    const { operationId: id, operationRef: ref } = isObject(link) ? (link as JsonObject) : {}
    if (typeof ref === 'string' && ref.startsWith('#/paths/')) {
      const [, path = '', method = ''] = pointerTokens(decoded(ref.slice(1)))
      return shown.get(path)?.has(method.toUpperCase()) === true
    }
    return typeof id !== 'string' || !hidden.has(id)
  }
  return withoutIn(clean, isShown, '') as JsonObject
}

/** Looks for `links` of responses and of components; examples and schemas have none. */
function withoutIn(value: Json, isShown: (link: Json) => boolean, key: string): Json {
  if (!isObject(value) || key === 'schemas' || key === 'examples' || key.startsWith('x-')) return value
  let isSame = true
  const kept: [string, Json][] = []
  for (const [name, item] of Object.entries(value as JsonObject)) {
    const made: Json =
      name === 'links' && isObject(item)
        ? Object.fromEntries(Object.entries(item as JsonObject).filter(([, link]) => isShown(link)))
        : withoutIn(item, isShown, name)
    const isSameLinks =
      name === 'links' && isObject(item) && Object.keys(made as object).length === Object.keys(item).length
    isSame &&= made === item || isSameLinks
    kept.push([name, isSameLinks ? item : made])
  }
  return isSame ? value : Object.fromEntries(kept)
}

function hiddenIds(clean: JsonObject, shown: Shown): Set<string> {
  const ids = new Set<string>()
  for (const [path, written] of Object.entries((clean['paths'] ?? {}) as JsonObject)) {
    const item = resolved(clean, written)
    if (!isObject(item)) continue
    const additional = isObject(item['additionalOperations']) ? Object.entries(item['additionalOperations']) : []
    for (const [method, operation] of [...Object.entries(item), ...additional]) {
      const id = isObject(operation) ? operation['operationId'] : undefined
      if (typeof id === 'string' && shown.get(path)?.has(method.toUpperCase()) !== true) ids.add(id)
    }
  }
  return ids
}

function resolved(document: JsonObject, value: Json): Json | undefined {
  const ref = isObject(value) ? value['$ref'] : undefined
  if (typeof ref !== 'string') return value
  return referenceTokens(ref)?.reduce<Json | undefined>(
    (at, token) => (isObject(at) && Object.hasOwn(at, token) ? (at[token] as Json) : undefined),
    document,
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

import { isObject, type Json, type JsonObject } from '../model/json.ts'

/** Fields of a Path Item Object that hold an operation (OpenAPI §4.9). */
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const

/**
 * A path item without the parameters that callers of an operation need not know of. Where one of those stands on the path item,
 * its parameters move to the operations, since they may differ in that.
 */
export function withoutParameters(
  item: Json,
  isHidden: (method: string, name: string, place: string) => boolean,
  resolved: (value: Json) => Json | undefined,
): Json {
  if (!isObject(item)) return item
  const shared = listOf(item['parameters'])
  const identity = (written: Json): readonly [string, string] => {
    const parameter = resolved(written)
    return isObject(parameter) ? [String(parameter['name']), String(parameter['in'])] : ['', '']
  }
  const hides =
    (method: string) =>
    (written: Json): boolean =>
      isHidden(method, ...identity(written))
  const operations = operationsOf(item as JsonObject)
  const movesShared = operations.some(([method]) => shared.some(hides(method)))
  const change = (method: string, operation: JsonObject): JsonObject => {
    const own = listOf(operation['parameters'])
    const overridden = new Set(own.map((one) => identity(one).join(' ')))
    const moved = movesShared ? shared.filter((one) => !overridden.has(identity(one).join(' '))) : []
    const kept = [...moved, ...own].filter((one) => !hides(method)(one))
    if (moved.length === 0 && kept.length === own.length) return operation
    const { parameters: _, ...rest } = operation as { parameters?: Json }
    return kept.length === 0 ? rest : { ...rest, parameters: kept }
  }
  const changed = new Map(operations.map(([method, operation]) => [operation, change(method, operation)]))
  if (!movesShared && operations.every(([, operation]) => changed.get(operation) === operation)) return item
  const put = ([key, value]: [string, Json]): [string, Json] => [key, changed.get(value as JsonObject) ?? value]
  return Object.fromEntries(
    Object.entries(item as JsonObject).flatMap(([key, value]): [string, Json][] => {
      if (key === 'parameters' && movesShared) return []
      if (key !== 'additionalOperations' || !isObject(value)) return [put([key, value])]
      return [[key, Object.fromEntries(Object.entries(value as JsonObject).map(put))]]
    }),
  )
}

/** Method, in upper case, and operation. */
function operationsOf(item: JsonObject): [string, JsonObject][] {
  const fixed = methods.map((key): [string, Json | undefined] => [key.toUpperCase(), item[key]])
  const additional = Object.entries((item['additionalOperations'] ?? {}) as JsonObject)
  return [...fixed, ...additional].flatMap(([method, operation]): [string, JsonObject][] =>
    isObject(operation) ? [[method, operation as JsonObject]] : [],
  )
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

import { isObject, type Json, type JsonObject } from '../model/json.ts'

/** Members of a schema that hold no schemas. */
const other = new Set([
  ...['example', 'examples', 'default', 'enum', 'const', 'required', 'type'],
  ...['xml', 'discriminator', 'externalDocs', 'x-proxy'],
])

/** Maps of schemas, whose keys are names the author chose. */
const maps = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas'])

/**
 * A schema with every schema in it changed, inner ones first; references are not followed. The same value where nothing
 * changes: parts that have nothing of it are shared.
 */
export function rewriteSchema(value: Json, change: (schema: JsonObject) => JsonObject): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => rewriteSchema(item as Json, change))
    return items.every((item, i) => item === value[i]) ? value : items
  }
  if (!isObject(value)) return value
  const schema = value as JsonObject
  const inner = rewriteMembers(schema, (key, member) => {
    if (other.has(key)) return member
    if (!maps.has(key) || !isObject(member)) return rewriteSchema(member, change)
    return rewriteMembers(member as JsonObject, (_, one) => rewriteSchema(one, change))
  })
  return change(inner)
}

function rewriteMembers(object: JsonObject, rewrite: (key: string, member: Json) => Json): JsonObject {
  const entries = Object.entries(object).map(([key, member]): [string, Json] => [key, rewrite(key, member)])
  return entries.every(([key, member]) => member === object[key]) ? object : Object.fromEntries(entries)
}

import { isObject, type JsonObject } from '../../generator/model/json.ts'

interface Row {
  readonly option: string
  readonly type: string
  readonly fallback: string
  readonly about: string
}

/** The options of a JSON Schema as a Markdown table, nested ones as `outer.inner`. */
export function optionTable(schema: JsonObject): string {
  const rows = rowsOf(schema, '')
  if (rows.length === 0) return schema['type'] === 'object' ? 'It has no options.' : `Its value: ${typeOf(schema)}.`
  return [
    '| option | type | default | |',
    '|---|---|---|---|',
    ...rows.map(({ option, type, fallback, about }) => `| \`${option}\` | ${type} | ${fallback} | ${about} |`),
  ].join('\n')
}

function rowsOf(schema: JsonObject, prefix: string): Row[] {
  const properties = isObject(schema['properties']) ? (schema['properties'] as JsonObject) : {}
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const rows: Row[] = []
  for (const [name, value] of Object.entries(properties)) {
    if (!isObject(value)) continue
    const property = value as JsonObject
    const option = prefix + name
    const inner = rowsOf(property, `${option}.`)
    const branches = Array.isArray(property['anyOf']) ? (property['anyOf'] as readonly JsonObject[]) : []
    inner.push(...branches.flatMap((branch) => rowsOf(branch, `${option}.`)))
    const description = property['description']
    if (inner.length === 0 || description !== undefined || branches.length > 0) {
      rows.push({
        option,
        type: cell(typeOf(property)),
        fallback: required.includes(name) ? '**required**' : fallbackOf(property),
        about: cell(typeof description === 'string' ? description : ''),
      })
    }
    rows.push(...inner)
  }
  const additional = schema['additionalProperties']
  if (isObject(additional)) rows.push(...rowsOf(additional as JsonObject, `${prefix}<name>.`))
  return rows
}

function fallbackOf(schema: JsonObject): string {
  return schema['default'] === undefined ? '' : `\`${JSON.stringify(schema['default']).replaceAll('"', '')}\``
}

function typeOf(schema: JsonObject): string {
  const { enum: choices, const: only, format, type, items, anyOf, oneOf } = schema
  if (Array.isArray(choices)) return [...new Set(choices.map((choice) => `\`${String(choice)}\``))].join(' ')
  if (only !== undefined) return `\`${String(only)}\``
  const branches = anyOf ?? oneOf
  if (Array.isArray(branches)) return [...new Set(branches.map((branch) => typeOf(branch as JsonObject)))].join(' or ')
  if (type === 'array') return `list of ${isObject(items) ? typeOf(items as JsonObject) : 'anything'}`
  if (typeof format === 'string') return format
  return Array.isArray(type) ? type.join(' or ') : String(type ?? 'anything')
}

/** Text in a table cell. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|')
}

/**
 * Header fields as the flat list that node:http (`rawHeaders`) and undici both speak: `[name, value, name, value, …]`,
 * names in the case they arrived in, repeated fields as repeated pairs (RFC 9110 §5.3: order is kept).
 */
export type Fields = string[]

/** True where `name` equals the lower-case `wanted`, ignoring ASCII case. Length first: it settles nearly every pair. */
export function isField(name: string, wanted: string): boolean {
  return name.length === wanted.length && (name === wanted || name.toLowerCase() === wanted)
}

/** The value of the first field called `wanted` (lower case), or undefined. */
export function fieldValue(fields: Fields, wanted: string): string | undefined {
  for (let i = 0; i < fields.length; i += 2) {
    if (isField(fields[i]!, wanted)) return fields[i + 1]
  }
  return undefined
}

/** Every value of the fields called `wanted` (lower case), in order. */
export function fieldValues(fields: Fields, wanted: string): string[] {
  const values: string[] = []
  for (let i = 0; i < fields.length; i += 2) {
    if (isField(fields[i]!, wanted)) values.push(fields[i + 1]!)
  }
  return values
}

/** The values of a list-based field joined by `, ` (RFC 9110 §5.2), or undefined where the field is absent. */
export function combinedField(fields: Fields, wanted: string): string | undefined {
  let joined: string | undefined
  for (let i = 0; i < fields.length; i += 2) {
    if (isField(fields[i]!, wanted)) joined = joined === undefined ? fields[i + 1]! : `${joined}, ${fields[i + 1]!}`
  }
  return joined
}

/** A copy of `fields` without those whose lower-case name is in `unwanted`. */
export function withoutFields(fields: Fields, unwanted: ReadonlySet<string>): Fields {
  const kept: Fields = []
  for (let i = 0; i < fields.length; i += 2) {
    if (!unwanted.has(fields[i]!.toLowerCase())) kept.push(fields[i]!, fields[i + 1]!)
  }
  return kept
}

/** A copy of `fields` without the field called `unwanted` (lower case); the same list where it is absent. */
export function withoutField(fields: Fields, unwanted: string): Fields {
  if (fieldValue(fields, unwanted) === undefined) return fields
  const kept: Fields = []
  for (let i = 0; i < fields.length; i += 2) {
    if (!isField(fields[i]!, unwanted)) kept.push(fields[i]!, fields[i + 1]!)
  }
  return kept
}

/** A copy of `fields` in which `name` stands once, with `value`. */
export function withField(fields: Fields, name: string, value: string): Fields {
  const kept = withoutFields(fields, new Set([name.toLowerCase()]))
  kept.push(name, value)
  return kept
}

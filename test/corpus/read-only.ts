import { isMembers, type Located, type SourceDocument } from './source-document.ts'

/** Members that requests need not hold though `required` names them: those that only responses have. */
export function readOnlyNames(
  source: SourceDocument,
  schema: Located,
  seen: ReadonlySet<unknown> = new Set(),
): ReadonlySet<string> {
  const names = new Set<string>()
  if (!isMembers(schema.value) || seen.has(schema.value)) return names
  for (const [name, property] of source.entries(source.at(schema, 'properties'))) {
    if (isReadOnly(source, property)) names.add(name)
  }
  const within = new Set([...seen, schema.value])
  for (const part of parts(source, schema)) {
    for (const name of readOnlyNames(source, part, within)) names.add(name)
  }
  return names
}

export function isReadOnly(source: SourceDocument, schema: Located, seen: ReadonlySet<unknown> = new Set()): boolean {
  if (!isMembers(schema.value) || seen.has(schema.value)) return false
  if (schema.value['readOnly'] === true && (source.isModern || schema.value['$ref'] === undefined)) return true
  const within = new Set([...seen, schema.value])
  return parts(source, schema).some((part) => isReadOnly(source, part, within))
}

function parts(source: SourceDocument, schema: Located): Located[] {
  const reference = isMembers(schema.value) ? schema.value['$ref'] : undefined
  const all = source.items(source.at(schema, 'allOf'))
  if (typeof reference !== 'string') return all
  return source.isModern ? [source.target(reference, schema.file), ...all] : [source.target(reference, schema.file)]
}

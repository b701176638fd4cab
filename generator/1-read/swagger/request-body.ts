import { member } from '../../model/json.ts'
import type { Spot } from '../link/spot.ts'
import type { Converter } from '../normalise/converter.ts'
import { put } from '../put.ts'
import { forbidType, schemaOf, serialize } from './parameter.ts'
import type { Listed } from './pick.ts'

const urlencoded = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data'

/** A parameter `in: body` as a request body. */
export function bodyOf(converter: Converter, spot: Spot, consumes: readonly Listed[]): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const key of Object.keys(spot.value as object)) {
    if (!['in', 'name', 'schema'].includes(key)) converter.member(spot, key, 'any', out)
  }
  const schema = converter.linker.child(spot, 'schema')
  forbidType(converter, schema, ['file'], 'body')
  const media = consumes.length > 0 ? consumes : [{ text: 'application/json', place: schema.place }]
  const content: Record<string, unknown> = {}
  for (const { text, place } of media) {
    const made: Record<string, unknown> = {}
    if (schema.value !== undefined) converter.move(made, 'schema', converter.convert(schema, 'schema'), schema.place)
    converter.move(content, text, made, place)
  }
  converter.move(out, 'content', content, schema.place)
  converter.places.set(out, spot.place)
  return out
}

/** Parameters `in: formData` as one request body: an object with a property for each. */
export function formOf(
  converter: Converter,
  fields: readonly Spot[],
  consumes: readonly Listed[],
): Record<string, unknown> {
  const { reporter, places, linker } = converter
  const first = fields[0]!
  const properties: Record<string, unknown> = {}
  const required: string[] = []
  const encoding: Record<string, unknown> = {}
  let file: Spot | undefined
  for (const field of fields) {
    const name = member(field.value, 'name')
    if (typeof name !== 'string') continue
    if (Object.hasOwn(properties, name)) {
      reporter.report('duplicate-form-field', linker.child(field, 'name').place, { name })
      continue
    }
    if (member(field.value, 'type') === 'file') file = field
    const schema = schemaOf(converter, field) as Record<string, unknown>
    for (const key of ['description', 'allowEmptyValue']) {
      const text = linker.child(field, key)
      if (text.value !== undefined && key === 'description') converter.move(schema, key, text.value, text.place)
    }
    for (const key of Object.keys(field.value as object)) {
      if (key.startsWith('x-') && !Object.hasOwn(schema, key)) converter.member(field, key, 'any', schema)
    }
    put(properties, name, schema)
    places.set(schema, field.place)
    if (member(field.value, 'required') === true) {
      places.setMember(required, required.length, linker.child(field, 'required').place)
      required.push(name)
    }
    const how: Record<string, unknown> = {}
    serialize(converter, field, 'formData', how)
    if (Object.keys(how).length > 0) {
      put(encoding, name, how)
      places.set(how, field.place)
    }
  }
  const schema: Record<string, unknown> = {}
  converter.move(schema, 'type', 'object', first.place)
  converter.move(schema, 'properties', properties, first.place)
  if (required.length > 0) converter.move(schema, 'required', required, first.place)
  const content: Record<string, unknown> = {}
  for (const { text, place } of formMedia(converter, consumes, file, first)) {
    const made: Record<string, unknown> = {}
    converter.move(made, 'schema', schema, first.place)
    if (Object.keys(encoding).length > 0) converter.move(made, 'encoding', encoding, first.place)
    converter.move(content, text, made, place)
  }
  const out: Record<string, unknown> = {}
  converter.move(out, 'content', content, first.place)
  if (required.length > 0) converter.move(out, 'required', true, first.place)
  return out
}

/** A form is sent in the form types among `consumes`; a file only as multipart. */
function formMedia(
  converter: Converter,
  consumes: readonly Listed[],
  file: Spot | undefined,
  first: Spot,
): readonly Listed[] {
  const forms = consumes.filter(({ text }) => /^(multipart\/|application\/x-www-form-urlencoded)/i.test(text))
  if (file !== undefined) {
    const multiparts = forms.filter(({ text }) => /^multipart\//i.test(text))
    if (multiparts.length > 0) return multiparts
    const sends = forms.length === 0 && consumes.length > 0 ? consumes : []
    converter.reporter.report('file-without-multipart', file.place, {})
    return [...sends, { text: multipart, place: file.place }]
  }
  if (forms.length > 0) return forms
  return [{ text: urlencoded, place: first.place }]
}

import { isObject, member } from '../../model/json.ts'
import type { Spot } from '../link/spot.ts'
import type { Converter } from '../normalise/converter.ts'
import { pick } from './pick.ts'

/** Members of a 2.0 parameter, header or items object that are its schema in 3.x. https://swagger.io/specification/v2/#parameter-object */
const schemaMembers = new Set([
  ...['type', 'format', 'items', 'default', 'enum', 'multipleOf', 'pattern', 'x-nullable', 'example', 'x-example'],
  ...['maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'maxLength', 'minLength'],
  ...['maxItems', 'minItems', 'uniqueItems'],
])

/** A parameter that is neither body nor form. */
export function parameter(converter: Converter, spot: Spot, out: Record<string, unknown>): void {
  const value = spot.value as Record<string, unknown>
  const location = value['in']
  if (location === 'body' || location === 'formData') return
  if (typeof location === 'string' && !['path', 'query', 'header'].includes(location)) {
    converter.reporter.report('parameter-in', converter.linker.child(spot, 'in').place, { location })
  }
  forbidType(converter, spot, ['file', 'object'], 'parameter')
  for (const key of Object.keys(value)) {
    if (key === 'schema') converter.member(spot, key, 'schema', out)
    else if (!schemaMembers.has(key) && key !== 'collectionFormat') converter.member(spot, key, 'any', out)
  }
  if (!Object.hasOwn(value, 'schema')) converter.move(out, 'schema', schemaOf(converter, spot), spot.place)
  serialize(converter, spot, typeof location === 'string' ? location : 'query', out)
}

export function header(converter: Converter, spot: Spot, out: Record<string, unknown>): void {
  forbidType(converter, spot, ['file', 'object'], 'header')
  for (const key of Object.keys(spot.value as object)) {
    if (!schemaMembers.has(key) && key !== 'collectionFormat') converter.member(spot, key, 'any', out)
  }
  converter.move(out, 'schema', schemaOf(converter, spot), spot.place)
  serialize(converter, spot, 'header', out)
}

/** Types that the schema of 2.0 has elsewhere, but not here. */
export function forbidType(converter: Converter, spot: Spot, types: readonly string[], owner: string): void {
  const type = converter.linker.child(spot, 'type')
  if (typeof type.value === 'string' && types.includes(type.value))
    converter.reporter.report('type-not-here', type.place, { type: type.value, owner })
}

/** The schema that is written beside the parameter's own members. */
export function schemaOf(converter: Converter, spot: Spot): unknown {
  const schema = pick(converter, spot, (key) => schemaMembers.has(key))
  if (member(schema.value, 'type') === 'array' && member(schema.value, 'items') === undefined) {
    converter.reporter.report('items-missing', converter.linker.child(spot, 'type').place, {})
  }
  return converter.convert(withoutCollectionFormat(converter, schema), 'schema')
}

/** Lists within lists have a separator of their own in 2.0; 3.x cannot say it. */
function withoutCollectionFormat(converter: Converter, spot: Spot): Spot {
  const items = converter.linker.child(spot, 'items')
  if (!isObject(items.value) || !Object.hasOwn(items.value, 'collectionFormat')) return spot
  const format = items.value['collectionFormat']
  if (typeof format === 'string' && format !== 'csv') {
    converter.reporter.report('collection-format-lost', converter.linker.child(items, 'collectionFormat').place, {
      format,
    })
  }
  const inner = withoutCollectionFormat(
    converter,
    pick(converter, items, (key) => key !== 'collectionFormat'),
  )
  converter.places.set(inner.value as object, items.place)
  return { ...spot, value: { ...(spot.value as object), items: inner.value } }
}

/** Adds the `collectionFormat` of an array as `style` and `explode`; nothing where the defaults say the same. */
export function serialize(converter: Converter, spot: Spot, location: string, out: Record<string, unknown>): void {
  const { type, collectionFormat = 'csv' } = spot.value as { type?: unknown; collectionFormat?: unknown }
  const isList = location === 'query' || location === 'formData'
  const at = Object.hasOwn(spot.value as object, 'collectionFormat') ? 'collectionFormat' : 'type'
  const { place } = converter.linker.child(spot, at)
  const format = String(collectionFormat)
  if (!['csv', 'ssv', 'tsv', 'pipes', 'multi'].includes(format) || (format === 'multi' && !isList)) {
    converter.reporter.report('collection-format', place, { format, location })
    return
  }
  if (type !== 'array') return
  if (format === 'tsv' || (!isList && format !== 'csv')) {
    converter.reporter.report('collection-format-lost', place, { format })
  }
  if (!isList) return
  const style = format === 'ssv' ? 'spaceDelimited' : format === 'pipes' ? 'pipeDelimited' : 'form'
  converter.move(out, 'style', style, place)
  converter.move(out, 'explode', format === 'multi', place)
}

import { isObject } from '../../model/json.ts'
import type { Spot } from '../link/spot.ts'
import type { Converter } from './converter.ts'

type Schema = Record<string, unknown>

/** Rewrites what 2.0 and 3.0 say differently from JSON Schema 2020-12; `out` is the schema with its members converted. */
export function toDialect(converter: Converter, spot: Spot, out: Schema): void {
  const { version } = spot.scope.file
  const modern = version >= '3.1'
  if (typeof out['exclusiveMinimum'] === 'boolean') exclusive(converter, spot, out, 'exclusiveMinimum', 'minimum')
  if (typeof out['exclusiveMaximum'] === 'boolean') exclusive(converter, spot, out, 'exclusiveMaximum', 'maximum')
  if (Array.isArray(out['items'])) tuple(converter, spot, out)
  if (modern && isObject(out['dependencies'])) dependencies(converter, spot, out['dependencies'], out)
  if (!modern) {
    if (out['type'] === 'file') {
      out['type'] = 'string'
      if (out['format'] === undefined)
        converter.move(out, 'format', 'binary', converter.linker.child(spot, 'type').place)
    }
    if (Object.hasOwn(out, 'example')) example(converter, spot, out)
  }
  const word = version === '2.0' ? 'x-nullable' : 'nullable'
  const nullable = Object.hasOwn(out, word) ? out[word] : undefined
  if (typeof nullable !== 'boolean') return
  if (word === 'nullable') delete out['nullable']
  if (modern) converter.reporter.report('nullable-kept', converter.linker.child(spot, 'nullable').place, {})
  if (nullable) orNull(converter, spot, out, word)
}

/** `minimum: 5, exclusiveMinimum: true` → `exclusiveMinimum: 5`. */
function exclusive(converter: Converter, spot: Spot, out: Schema, key: string, limit: string): void {
  if (spot.scope.file.version >= '3.1' && spot.scope.dialect !== 'draft-04') {
    converter.reporter.report('exclusive-boolean', converter.linker.child(spot, key).place, { key })
  }
  const isExclusive = out[key] === true
  delete out[key]
  if (!isExclusive || typeof out[limit] !== 'number') return
  converter.move(out, key, out[limit], converter.linker.child(spot, limit).place)
  delete out[limit]
}

/** `items` as a list, `additionalItems` for the rest: JSON Schema before 2020-12. */
function tuple(converter: Converter, spot: Spot, out: Schema): void {
  const { place } = converter.linker.child(spot, 'items')
  if ((spot.scope.dialect ?? '2020-12') === '2020-12') converter.reporter.report('items-list', place, {})
  if (!Object.hasOwn(out, 'prefixItems')) converter.move(out, 'prefixItems', out['items'], place)
  delete out['items']
  if (!Object.hasOwn(out, 'additionalItems')) return
  converter.move(out, 'items', out['additionalItems'], converter.linker.child(spot, 'additionalItems').place)
  delete out['additionalItems']
}

/** `dependencies` became `dependentRequired` and `dependentSchemas` in draft 2019-09; who still writes it means it. */
function dependencies(converter: Converter, spot: Spot, written: Schema, out: Schema): void {
  const { place } = converter.linker.child(spot, 'dependencies')
  const sort = (key: string, isMeant: (value: unknown) => boolean): void => {
    const entries = Object.entries(written).filter(([, value]) => isMeant(value))
    if (entries.length === 0 || Object.hasOwn(out, key)) return
    const made: Schema = {}
    for (const [name, value] of entries) converter.move(made, name, value, converter.places.below(written, place, name))
    converter.move(out, key, made, place)
  }
  sort('dependentRequired', Array.isArray)
  sort('dependentSchemas', (value) => !Array.isArray(value))
  delete out['dependencies']
}

function example(converter: Converter, spot: Spot, out: Schema): void {
  const { value, place } = converter.linker.child(spot, 'example')
  delete out['example']
  if (Object.hasOwn(out, 'examples')) return
  const examples = [value]
  converter.places.setMember(examples, 0, place)
  converter.move(out, 'examples', examples, place)
}

/** What says something about a value but not whether it is valid: it belongs outside of an `anyOf`. */
const annotations = new Set([
  ...[
    'title',
    'description',
    'default',
    'deprecated',
    'readOnly',
    'writeOnly',
    'example',
    'examples',
    'externalDocs',
    'xml',
  ],
])

/**
 * Allows null too. By the letter of 3.0.3 `nullable` works only beside a `type`, and an `enum` without null still refuses null;
 * authors mean by it that null may come, and a proxy that refuses what the author allowed is wrong to everybody.
 */
function orNull(converter: Converter, spot: Spot, out: Schema, word: string): void {
  const place = converter.linker.child(spot, word).place
  const isComposed = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'const'].some((key) => Object.hasOwn(out, key))
  if (!isComposed) {
    const { type, enum: values } = out
    if (typeof type === 'string' && type !== 'null') {
      const types = [type, 'null']
      converter.places.setMember(types, 0, converter.linker.child(spot, 'type').place)
      converter.places.setMember(types, 1, place)
      converter.move(out, 'type', types, converter.linker.child(spot, 'type').place)
    } else if (Array.isArray(type) && !type.includes('null')) out['type'] = [...type, 'null']
    if (Array.isArray(values) && !values.includes(null)) {
      converter.move(out, 'enum', [...values, null], converter.linker.child(spot, 'enum').place)
    }
    return
  }
  const inner: Schema = {}
  for (const key of Object.keys(out)) {
    if (annotations.has(key) || key.startsWith('x-')) continue
    converter.move(inner, key, out[key], converter.places.below(out, spot.place, key))
    delete out[key]
  }
  const empty = { type: 'null' }
  converter.places.setMember(empty, 'type', place)
  converter.places.set(inner, spot.place)
  converter.places.set(empty, place)
  converter.move(out, 'anyOf', [inner, empty], spot.place)
}

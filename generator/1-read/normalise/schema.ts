import { isObject } from '../../model/json.ts'
import { nearest } from '../../report/nearest.ts'
import { dialectOf, ignoresSiblings } from '../link/dialect.ts'
import { refOf, type Spot } from '../link/spot.ts'
import { put } from '../put.ts'
import type { Converter } from './converter.ts'
import { schemaKeywords } from './kinds.ts'
import { toDialect } from './schema-dialect.ts'

/** Names of schemas: every reference is to a component once read, so they would only mislead who reads on. */
const identifiers = new Set(['$id', '$anchor', '$dynamicAnchor', '$recursiveAnchor', '$schema'])

/** What the schemas of 3.0 have and those of 2.0 have not: every other tool would skip it. */
const newer = new Set(['oneOf', 'anyOf', 'not'])

/** A schema of any version as JSON Schema 2020-12; booleans are schemas too. */
export function convertSchema(converter: Converter, spot: Spot): unknown {
  const { value } = spot
  if (!isObject(value)) return value
  return converter.once(spot, 'schema', (out) => {
    const modern = spot.scope.file.version >= '3.1'
    const alone = !modern || ignoresSiblings(spot.scope.dialect)
    const ref = refOf(value)
    if (ref === undefined && Object.hasOwn(value, '$ref')) {
      converter.reporter.report('ref-invalid', converter.linker.child(spot, '$ref').place, {})
    }
    for (const key of Object.keys(value)) {
      if (newer.has(key) && spot.scope.file.version === '2.0')
        converter.reporter.report('keyword-newer', { ...converter.linker.child(spot, key).place, at: 'key' }, { key })
      if (key === '$ref') put(out, key, referred(converter, spot, ref))
      else if (modern && identifiers.has(key)) checkDialect(converter, spot, key)
      else if (modern && key === '$dynamicRef') {
        converter.move(out, '$ref', dynamic(converter, spot), converter.linker.child(spot, key).place)
      } else if (modern && key === '$recursiveRef') {
        converter.move(out, '$ref', recursive(converter, spot), converter.linker.child(spot, key).place)
      }
      // "Any sibling elements of a $ref are ignored" before 3.1; `nullable` beside it is meant by everybody who writes it.
      else if (ref !== undefined && alone && !key.startsWith('x-') && key !== 'nullable') continue
      else if (key === 'discriminator') converter.member(spot, key, 'any', out)
      else converter.member(spot, key, Object.hasOwn(schemaKeywords, key) ? schemaKeywords[key]! : 'any', out)
    }
    if (Object.hasOwn(value, 'discriminator')) discriminator(converter, spot, out)
    toDialect(converter, spot, out)
  })
}

function referred(converter: Converter, spot: Spot, ref: string | undefined): unknown {
  if (ref === undefined) return (spot.value as Record<string, unknown>)['$ref']
  return converter.refOrReport(spot, ref, converter.conversion('schema')) ?? ref
}

function dynamic(converter: Converter, spot: Spot): unknown {
  const { linker, components } = converter
  const place = linker.child(spot, '$dynamicRef').place
  const ref = (spot.value as Record<string, unknown>)['$dynamicRef']
  if (typeof ref !== 'string') {
    converter.reporter.report('ref-invalid', place, {})
    return ref
  }
  const target = linker.resolveDynamic(ref, spot)
  const hoisted = 'failed' in target ? target : components.place(ref, target, converter.conversion('schema'))
  if ('ref' in hoisted) return hoisted.ref
  converter.reportFailure(hoisted, place)
  return ref
}

/** Draft 2019-09 §8.2.4.2: `$recursiveRef` is always "#", and means an outer schema only where several have the anchor. */
function recursive(converter: Converter, spot: Spot): unknown {
  const { linker, components } = converter
  const { place, value: ref } = linker.child(spot, '$recursiveRef')
  if (typeof ref !== 'string') {
    converter.reporter.report('ref-invalid', place, {})
    return ref
  }
  // Without an `$id`, "#" would be the whole document; the schema around it that says it is recursive is meant.
  const around = linker.recursiveAnchors.filter(({ place: { file, pointer } }) => {
    return file === spot.place.file && `${spot.place.pointer}/`.startsWith(`${pointer}/`)
  })
  const anchor = around.at(-1) ?? linker.recursiveAnchors[0]
  if (around.length === 0 && linker.recursiveAnchors.length > 1)
    converter.reporter.report('dynamic-ref', place, { ref })
  const hoisted =
    anchor === undefined
      ? components.hoist(ref, spot, converter.conversion('schema'))
      : components.place(ref, anchor, converter.conversion('schema'))
  if ('ref' in hoisted) return hoisted.ref
  converter.reportFailure(hoisted, place)
  return ref
}

function checkDialect(converter: Converter, spot: Spot, key: string): void {
  const dialect = (spot.value as Record<string, unknown>)[key]
  if (key !== '$schema' || typeof dialect !== 'string' || dialectOf(dialect) !== undefined) return
  converter.reporter.report('schema-dialect', converter.linker.child(spot, key).place, { dialect })
}

/** Values of `mapping` are names of schemas or references to them; names first. OpenAPI 3.1 §4.8.25 */
function discriminator(converter: Converter, spot: Spot, out: Record<string, unknown>): void {
  const child = converter.linker.child(spot, 'discriminator')
  if (typeof child.value === 'string') {
    // 2.0 has only the name of the property.
    const made = { propertyName: child.value }
    converter.places.setMember(made, 'propertyName', child.place)
    converter.move(out, 'discriminator', made, child.place)
    return
  }
  if (!isObject(child.value)) return
  const made: Record<string, unknown> = {}
  for (const key of Object.keys(child.value)) {
    const member = converter.linker.child(child, key)
    if (key === 'mapping' && isObject(member.value)) {
      const mapping: Record<string, unknown> = {}
      for (const name of Object.keys(member.value)) {
        const target = converter.linker.child(member, name)
        const ref = mapped(converter, member, target)
        if (ref === undefined) continue
        put(mapping, name, ref)
        if (target.place.file !== child.place.file) converter.places.setMember(mapping, name, target.place)
      }
      converter.move(made, key, mapping, member.place)
    } else if (key === 'defaultMapping') {
      const ref = mapped(converter, child, member)
      if (ref !== undefined) converter.move(made, key, ref, member.place)
    } else converter.member(child, key, 'any', made)
  }
  converter.move(out, 'discriminator', made, child.place)
}

function mapped(converter: Converter, from: Spot, { value, place }: Spot): unknown {
  if (typeof value !== 'string') return value
  const schema = converter.conversion('schema')
  if (/^[A-Za-z0-9._-]+$/.test(value)) {
    const section = from.scope.file.version === '2.0' ? 'definitions' : 'components/schemas'
    const named = converter.components.hoist(`#/${section}/${value}`, from, schema)
    if ('ref' in named) return named.ref
  }
  const hoisted = converter.components.hoist(value, from, schema)
  if ('ref' in hoisted) return hoisted.ref
  if (hoisted.failed === 'remote-ref') converter.reportFailure(hoisted, place)
  else if (hoisted.failed !== 'reported') {
    const near = nearest(value, Object.keys(converter.components.section('schemas')))
    converter.reporter.report('mapping-not-found', place, {
      name: value,
      ...(near === undefined ? {} : { nearest: near }),
    })
  }
  return undefined
}

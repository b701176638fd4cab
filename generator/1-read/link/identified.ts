import { isObject } from '../../model/json.ts'
import { pointerToken } from '../../model/place.ts'
import { dialectOf } from './dialect.ts'
import type { Linker } from './linker.ts'
import { type Spot, spotOf, type Target } from './spot.ts'
import { absolute } from './uri.ts'

/** A schema that can be named other than by a pointer. */
export interface Identified {
  readonly spot: Target
  /** Its `$id`, absolute; undefined where it has only an anchor. */
  readonly uri: string | undefined
  readonly anchor: string | undefined
  readonly dynamicAnchor: string | undefined
  /** It has the `$recursiveAnchor` of draft 2019-09. */
  readonly recursive: boolean
}

/** Members whose content is data, not schemas: an example may well hold a member called `$id`. */
const data = new Set(['example', 'examples', 'enum', 'const', 'default', 'mapping', 'dataValue'])

/** All schemas of a file with `$id`, `$schema` or an anchor. JSON Schema 2020-12 §8.2. */
export function* findIdentified(at: Target, linker: Linker): Generator<Identified> {
  const { value } = at
  if (typeof value !== 'object' || value === null) return
  let spot = at
  if (isObject(value)) {
    const id = text(value, '$id')
    // Before `$anchor` there was `$id: "#name"`.
    const named = id?.startsWith('#') === true ? id.slice(1) : undefined
    const uri = id === undefined || named !== undefined ? undefined : absolute(id, at.scope.uri)
    const written = text(value, '$schema')
    const dialect = (written === undefined ? undefined : dialectOf(written)) ?? at.scope.dialect
    if (uri !== undefined) spot = spotOf(value, at.place, at.scope.file, uri, at.location, dialect)
    else if (dialect !== at.scope.dialect) spot = { ...at, scope: { ...at.scope, dialect } }
    const anchor = text(value, '$anchor') ?? named
    const dynamicAnchor = text(value, '$dynamicAnchor')
    const recursive = value['$recursiveAnchor'] === true
    if (spot !== at || anchor !== undefined || dynamicAnchor !== undefined || recursive) {
      yield { spot, uri, anchor, dynamicAnchor, recursive }
    }
  }
  const isSchemaMap = /\/(properties|patternProperties|\$defs|definitions|schemas)$/.test(at.location)
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    if (!isSchemaMap && typeof key === 'string' && (data.has(key) || key.startsWith('x-'))) continue
    const child: Spot = linker.child(spot, key)
    if (typeof child.value === 'object' && child.value !== null) {
      yield* findIdentified({ ...child, location: `${spot.location}/${pointerToken(key)}` }, linker)
    }
  }
}

function text(value: { [key: string]: unknown }, key: string): string | undefined {
  const found = Object.hasOwn(value, key) ? value[key] : undefined
  return typeof found === 'string' ? found : undefined
}

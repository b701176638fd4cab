import { isObject } from '../model/json.ts'
import type { Place } from '../model/place.ts'
import type { Reporter } from '../report/reporter.ts'

export type SpecVersion = '2.0' | '3.0' | '3.1' | '3.2'

/** The version that a document says it has; undefined (and reported) where it has none that is known. */
export function readVersion(document: unknown, place: Place, reporter: Reporter): SpecVersion | undefined {
  if (!isObject(document) || !(Object.hasOwn(document, 'openapi') || Object.hasOwn(document, 'swagger'))) {
    reporter.report('not-openapi', place, {})
    return undefined
  }
  const field = Object.hasOwn(document, 'openapi') ? 'openapi' : 'swagger'
  const written = document[field]
  const where: Place = { file: place.file, pointer: `${place.pointer}/${field}` }
  if (typeof written !== 'string' && typeof written !== 'number') {
    reporter.report('version-not-text', where, { field })
    return undefined
  }
  const version = String(written)
  if (field === 'swagger') {
    if (version !== '2.0' && written !== 2) {
      reporter.report('version-unknown', where, { field, version })
      return undefined
    }
    // The schema of 2.0 has the one value "2.0" here; every other tool refuses the number.
    if (typeof written === 'number') reporter.report('version-not-text', where, { field })
    return '2.0'
  }
  // YAML reads an unquoted 3.0 as the number 3.
  const known = /^3(?:\.([0-2])(?:\.\d+(?:[-+].*)?)?)?$/.exec(version.trim())
  if (known === null) {
    reporter.report('version-unknown', where, { field, version })
    return undefined
  }
  const read = `3.${known[1] ?? '0'}` as SpecVersion
  if (!/^3\.\d\.\d/.test(version)) reporter.report('version-shorthand', where, { version, read })
  return read
}

/** The version of a file that something refers to: its own where it is a whole document, else that of the root. */
export function versionOfFile(value: unknown, inherited: SpecVersion): SpecVersion {
  if (!isObject(value)) return inherited
  if (value['swagger'] === '2.0' || value['swagger'] === 2) return '2.0'
  const known = /^3(?:\.([0-2]))?/.exec(String(value['openapi']))
  return known === null ? inherited : (`3.${known[1] ?? '0'}` as SpecVersion)
}

import { isObject } from '../../model/json.ts'
import type { Place } from '../../model/place.ts'
import type { SpecVersion } from '../version.ts'
import type { Dialect } from './dialect.ts'
import type { DynamicScope } from './dynamic-scope.ts'

/** A file of the document, as it was written (overlays applied to the root). */
export interface SourceFile {
  /** Absolute. */
  readonly path: string
  /** As places name it: relative to the folder the command runs in. */
  readonly name: string
  readonly value: unknown
  /** What its objects are: a fragment is of the root's version. */
  readonly version: SpecVersion
  /** It may hold `$id`, `$schema` or an anchor. */
  readonly identified: boolean
}

/** What a relative reference is relative to: a file, or within it a schema with its own `$id`. */
export interface Scope {
  readonly file: SourceFile
  /** Absolute URI: of the file, its `$self`, or the schema's `$id`. */
  readonly uri: string
  /** What `#` names. */
  readonly resource: Spot
  /** What `$schema` or `jsonSchemaDialect` says; undefined where nothing is said that is known. */
  readonly dialect: Dialect | undefined
}

/** A value as written, and what is needed to read on from there. */
export interface Spot {
  readonly value: unknown
  /** Where its author wrote it: an overlay's value has its place there. */
  readonly place: Place
  readonly scope: Scope
  /** What `$dynamicRef`s mean here; undefined where they can mean one thing only. */
  readonly dynamic?: DynamicScope | undefined
}

/** A spot that a reference led to. */
export interface Target extends Spot {
  /** File path and pointer in the tree as it is read: the same for every way that leads here. */
  readonly location: string
}

/** The text of an own `$ref`, or undefined. */
export function refOf(value: unknown): string | undefined {
  if (!isObject(value) || !Object.hasOwn(value, '$ref')) return undefined
  return typeof value['$ref'] === 'string' ? value['$ref'] : undefined
}

/** The spot of a resource: what `#` names within it is itself. */
export function spotOf(
  value: unknown,
  place: Target['place'],
  file: SourceFile,
  uri: string,
  location: string,
  dialect: Dialect | undefined,
): Target {
  const scope = { file, uri, dialect } as {
    file: SourceFile
    uri: string
    resource: Spot
    dialect: Dialect | undefined
  }
  const spot: Target = { value, place, scope, location }
  scope.resource = spot
  return spot
}

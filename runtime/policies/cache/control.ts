import { combinedField, type Fields } from '../../core/headers.ts'
import { type Directives, noDirectives, readDirectives } from './directives.ts'
import { readTargeted } from './targeted.ts'

/** What a response says about its caching, from whichever field applies to this cache. */
export interface Control {
  readonly directives: Directives
  /** Said by `CDN-Cache-Control`: then `Expires` does not count either (RFC 9213 §2.2). */
  readonly isTargeted: boolean
}

/** RFC 9213 §2.2: the first targeted field that is valid and not empty is used, `Cache-Control` and `Expires` ignored. */
export function readControl(fields: Fields): Control {
  const targeted = combinedField(fields, 'cdn-cache-control')
  const directives = targeted === undefined ? undefined : readTargeted(targeted)
  if (directives !== undefined) return { directives, isTargeted: true }
  const text = combinedField(fields, 'cache-control')
  return { directives: text === undefined ? noDirectives : readDirectives(text), isTargeted: false }
}

import { pointerToken, pointerTokens } from './place.ts'

/** The one form of `$ref` in the normal form: `#/components/<section>/<name>`, the name escaped as a URI fragment. */
export function componentReference(section: string, name: string): string {
  return `#/components/${section}/${encodeURI(pointerToken(name)).replaceAll('#', '%23')}`
}

/** The tokens that a reference of the normal form names, e.g. `components`, `schemas`, `Pet`. */
export function referenceTokens(reference: string): string[] | undefined {
  if (!reference.startsWith('#/')) return undefined
  try {
    return pointerTokens(decodeURIComponent(reference.slice(1)))
  } catch {
    return undefined
  }
}

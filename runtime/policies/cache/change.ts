import { normalizeEncoding, resourceKey } from './key.ts'
import { everything, type Mark, operationMark, pathMark, resourceMark, tagMark } from './marks.ts'

/** What an unsafe request has changed. */
export interface Change {
  readonly secure: boolean
  readonly host: string
  readonly paths: readonly string[]
  readonly operations?: readonly string[]
  readonly tags?: readonly string[]
}

/** What somebody wants to be taken back. */
export interface Purging {
  readonly tags?: readonly string[]
  readonly operations?: readonly string[]
  readonly urls?: readonly string[]
  readonly all?: boolean
  readonly soft?: boolean
}

export function changeMarks({ secure, host, paths, operations = [], tags = [] }: Change): Mark[] {
  const places = paths.map((path) => resourceMark(resourceKey(secure, host, path)))
  return [...places, ...operations.map(operationMark), ...tags.map(tagMark)]
}

export function purgeMarks({ tags = [], operations = [], urls = [], all = false }: Purging): Mark[] {
  if (all) return [everything]
  const paths = urls.map((url) => (url.startsWith('/') ? url.split('?', 1)[0]! : (URL.parse(url)?.pathname ?? url)))
  return [...tags.map(tagMark), ...operations.map(operationMark), ...paths.map(normalizeEncoding).map(pathMark)]
}

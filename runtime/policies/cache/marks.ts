import type { Exchange } from '../../core/exchange.ts'
import { combinedField } from '../../core/headers.ts'

/**
 * What stored answers are found by when something has changed: `*` all, `u <resource>` a target URI without its query,
 * `p <path>` a path of whatever host, `o <operationId>`, `t <tag>`.
 */
export type Mark = string

/** How an answer is taken back: gone, or only stale, so that it can still be validated or stand in. */
export type Purge = 'hard' | 'soft'

export const everything: Mark = '*'
export const resourceMark = (resource: string): Mark => `u ${resource}`
export const pathMark = (path: string): Mark => `p ${path}`
export const operationMark = (id: string): Mark => `o ${id}`
export const tagMark = (tag: string): Mark => `t ${tag}`

/** A part of a tag: text, or a value of the request. `path` is the place of the variable in the path template. */
export type TagPart =
  | string
  | { readonly path: number }
  | { readonly query: string; readonly default?: string }
  | { readonly header: string }
  | { readonly consumer: 'id' | 'plan' }

/** `order:{path.orderId}` as its parts. */
export type TagTemplate = readonly TagPart[]

/** Longer tags are nobody's: what a client makes up must not fill the memory. */
const longestTag = 512

/** The marks of tags for a request; a tag whose value the request does not have is left out. */
export function tagMarks(templates: readonly TagTemplate[], exchange: Exchange): Mark[] {
  const marks: Mark[] = []
  for (const template of templates) {
    let tag = ''
    for (const part of template) {
      const value = typeof part === 'string' ? part : partValue(part, exchange)
      if (value === undefined) {
        tag = ''
        break
      }
      tag += value
    }
    if (tag !== '' && tag.length <= longestTag) marks.push(tagMark(tag))
  }
  return marks
}

function partValue(part: Exclude<TagPart, string>, exchange: Exchange): string | undefined {
  if ('path' in part) return decoded(exchange.pathValues[part.path])
  if ('header' in part) return combinedField(exchange.headers, part.header)
  if ('consumer' in part) return part.consumer === 'id' ? exchange.consumer?.id : exchange.consumer?.plan
  return queryValue(exchange.query, part.query) ?? part.default
}

/** Of several, all in their order. */
function queryValue(query: string, name: string): string | undefined {
  const values = query === '' ? [] : new URLSearchParams(query).getAll(name)
  return values.length === 0 ? undefined : values.join()
}

function decoded(value: string | undefined): string | undefined {
  if (value?.includes('%') !== true) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

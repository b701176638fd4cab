import type { Exchange } from '../../core/exchange.ts'
import { fillTemplate, type Template } from '../../core/template.ts'

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

/** The marks of tags for a request; a tag whose value the request does not have is left out. */
export function tagMarks(templates: readonly Template[], exchange: Exchange): Mark[] {
  return templates
    .map((template) => fillTemplate(template, exchange))
    .filter((tag) => tag !== undefined)
    .map(tagMark)
}

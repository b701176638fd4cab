import type { Exchange } from './exchange.ts'
import { combinedField } from './headers.ts'

/** A part of a template: text, or a value of the request. `path` is the place of the variable in the path template. */
export type TemplatePart =
  | string
  | { readonly path: number }
  | { readonly query: string; readonly default?: string }
  | { readonly header: string }
  | { readonly consumer: 'id' | 'plan' }

/** `order:{path.orderId}` as its parts. */
export type Template = readonly TemplatePart[]

/** Longer texts are nobody's: what a client makes up must not fill the memory. */
const longest = 512

/** The text for a request; undefined where the request does not have one of the values. */
export function fillTemplate(template: Template, exchange: Exchange): string | undefined {
  let text = ''
  for (const part of template) {
    const value = typeof part === 'string' ? part : partValue(part, exchange)
    if (value === undefined) return undefined
    text += value
  }
  return text.length > longest ? undefined : text
}

/** A value of the request; undefined where it has none. */
export function partValue(part: Exclude<TemplatePart, string>, exchange: Exchange): string | undefined {
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

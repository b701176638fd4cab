import type { Exchange } from '../core/exchange.ts'

/** The request target for a target with this base path. */
/** @param query that of the exchange, with the service's own credential where it has one there */
export type PathOf = (exchange: Exchange, targetBase: string, query?: string) => string

/**
 * How an operation's requests are addressed upstream.
 * @param template the public path template, base path included
 * @param basePath the public base path
 * @param own the upstream's own template over the same variables, with a query if it likes: `/soap/invoice?id={id}`
 */
export function upstreamPath(template: string, basePath: string, own: string | undefined): PathOf {
  return own === undefined ? samePath(basePath) : ownPath(template, own)
}

/** The path as it came, byte for byte, with one base path in place of the other. */
function samePath(basePath: string): PathOf {
  const base = basePath.replace(/\/$/, '')
  const depth = base.split('/').length - 1
  return (exchange, targetBase, query = exchange.query) => {
    const { path } = exchange
    const rest = base === '' ? path : path.startsWith(base) ? path.slice(base.length) : pathBelow(path, depth)
    const sent = targetBase === '' ? rest : targetBase + rest
    if (query !== '') return `${sent === '' ? '/' : sent}?${query}`
    return sent === '' ? '/' : sent
  }
}

/** What follows the first `depth` segments, for a base path that came with needless escapes (`/%76%32`). */
function pathBelow(path: string, depth: number): string {
  let at = 0
  for (let i = 0; i < depth; i++) at = path.indexOf('/', at + 1)
  return at === -1 ? '' : path.slice(at)
}

type Part = string | { readonly index: number; readonly inQuery: boolean }

function ownPath(template: string, own: string): PathOf {
  const names = [...template.matchAll(/\{([^{}]*)\}/g)].map((found) => found[1]!)
  const mark = own.indexOf('?')
  const path = parts(mark === -1 ? own : own.slice(0, mark), names, false)
  const fixed = mark === -1 ? [] : parts(own.slice(mark + 1), names, true)
  return (exchange, targetBase, given = exchange.query) => {
    const target = targetBase + fill(path, exchange.pathValues)
    const query = fill(fixed, exchange.pathValues)
    const joined = query === '' ? given : given === '' ? query : `${query}&${given}`
    return joined === '' ? target : `${target}?${joined}`
  }
}

function parts(text: string, names: readonly string[], inQuery: boolean): Part[] {
  return text
    .split(/(\{[^{}]*\})/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const index = piece[0] === '{' ? names.indexOf(piece.slice(1, -1)) : -1
      return index === -1 ? piece : { index, inQuery }
    })
}

function fill(list: readonly Part[], values: readonly string[]): string {
  let text = ''
  for (const part of list) {
    if (typeof part === 'string') text += part
    else text += part.inQuery ? queryForm(values[part.index] ?? '') : (values[part.index] ?? '')
  }
  return text
}

/** A raw path value inside a query: what separates pairs there, and `+`, which reads as a space, must be escaped. */
function queryForm(value: string): string {
  return value.replace(/[&=+;]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

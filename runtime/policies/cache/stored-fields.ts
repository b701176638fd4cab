import { combinedField, type Fields } from '../../core/headers.ts'
import type { Control } from './control.ts'
import { listedFields } from './directives.ts'

/** RFC 9111 §3.1: fields of one connection; and Content-Length, which the server sets by the bytes it sends. */
const neverStored: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // Made anew for every answer.
  'age',
])

/**
 * RFC 9111 §3.2: what describes the stored bytes is not changed by a response that brings none. And a cookie that came with
 * one client's validation is that client's.
 */
const neverUpdated: ReadonlySet<string> = new Set([...neverStored, 'content-encoding', 'content-range', 'set-cookie'])

/**
 * What is stored of a response's fields: without the hop's own, those that `Connection` lists, and those that a qualified
 * `no-cache` (§5.2.2.4) or `private` (§5.2.2.7) keeps from being used again.
 */
export function storedFields(fields: Fields, control: Control): Fields {
  return pick(fields, neverStored, [
    ...connectionFields(fields),
    ...listedFields(control.directives, 'no-cache'),
    ...listedFields(control.directives, 'private'),
  ])
}

/** RFC 9111 §3.2: the stored fields, with each field that the new response has put in their place. */
export function updatedFields(stored: Fields, update: Fields): Fields {
  const news = pick(update, neverUpdated, connectionFields(update))
  // A stored Date would make the response as old as before (RFC 9110 §6.6.1: absent, it is the time of arrival).
  const replaced = new Set(['date'])
  for (let i = 0; i < news.length; i += 2) replaced.add(news[i]!.toLowerCase())
  const fields = pick(stored, replaced, [])
  for (const part of news) fields.push(part)
  return fields
}

function connectionFields(fields: Fields): string[] {
  const text = combinedField(fields, 'connection')
  return text === undefined ? [] : text.split(',').map((name) => name.trim().toLowerCase())
}

function pick(fields: Fields, unwanted: ReadonlySet<string>, alsoUnwanted: readonly string[]): Fields {
  const kept: Fields = []
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase()
    if (!unwanted.has(name) && !alsoUnwanted.includes(name)) kept.push(fields[i]!, fields[i + 1]!)
  }
  return kept
}

import type { Exchange } from '../core/exchange.ts'
import type { Fields } from '../core/headers.ts'
import type { Relocate } from './public-location.ts'

/** The head of an upstream's answer: end-to-end fields in the order and case they came, without the length. */
export interface AnswerHead {
  readonly fields: Fields
  /** What `Content-Length` says; undefined where the body is chunked or ends with the connection. */
  readonly length: number | undefined
}

/** What undici hands over: for HTTP/1 bytes, name and value in turn; for HTTP/2 an object, with the status among them. */
export type HandedFields = readonly Buffer[] | Readonly<Record<string, string | readonly string[] | undefined>>

export function rawFields(handed: HandedFields): readonly Buffer[] {
  if (Array.isArray(handed)) return handed as readonly Buffer[]
  const raw: Buffer[] = []
  for (const [name, values] of Object.entries(handed as Exclude<HandedFields, readonly Buffer[]>)) {
    if (name[0] === ':') continue
    for (const value of [values].flat()) raw.push(Buffer.from(name, 'latin1'), Buffer.from(String(value), 'latin1'))
  }
  return raw
}

/**
 * Reads the raw fields undici hands over (bytes, name and value in turn), without those that are for one hop only
 * (RFC 9110 §7.6.1) and with locations as callers may see them.
 */
export function readHead(raw: readonly Buffer[], exchange: Exchange, relocate: Relocate): AnswerHead {
  let fields: Fields = []
  let length: number | undefined
  let connection = ''
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toString('latin1')
    let value = raw[i + 1]!.toString('latin1')
    switch (name.length) {
      case 2:
        if (name.toLowerCase() === 'te') continue
        break
      case 7: {
        const lower = name.toLowerCase()
        if (lower === 'upgrade') continue
        break
      }
      case 8:
        if (name.toLowerCase() === 'location') value = relocate(value, exchange)
        break
      case 10: {
        const lower = name.toLowerCase()
        if (lower === 'connection') connection += `,${value.toLowerCase()}`
        if (lower === 'connection' || lower === 'keep-alive') continue
        break
      }
      case 14:
        if (name.toLowerCase() === 'content-length') {
          length = Number(value)
          continue
        }
        break
      case 16: {
        const lower = name.toLowerCase()
        if (lower === 'proxy-connection') continue
        if (lower === 'content-location') value = relocate(value, exchange)
        break
      }
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') continue
        break
      case 18:
        if (name.toLowerCase() === 'proxy-authenticate') continue
        break
    }
    fields.push(name, value)
  }
  if (connection !== '' && connection !== ',keep-alive' && connection !== ',close') {
    const listed = new Set(connection.split(',').map((token) => token.trim()))
    fields = fields.filter((_, i, all) => !listed.has(all[i - (i % 2)]!.toLowerCase()))
  }
  fields.push('Via', '1.1 specgate')
  return { fields, length }
}

/** RFC 9110 §7.8: whether an answer of 101 changes to the protocol that was asked for, and to no other. */
export function isWebSocket(raw: readonly Buffer[]): boolean {
  const chosen = raw.filter((_, i) => i % 2 === 1 && raw[i - 1]!.toString('latin1').toLowerCase() === 'upgrade')
  return chosen.length === 1 && chosen[0]!.toString('latin1').trim().toLowerCase() === 'websocket'
}

/** RFC 9110 §6.5.1: what frames, routes, authorizes or describes a message must not come after its body. */
const neverTrailers =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-.*|cache-control|expires|date|location|vary|set-cookie|authorization|www-authenticate|age|via|x-request-id)$/i

/** Trailer fields that may go on; undefined where there are none. */
export function readTrailers(raw: readonly Buffer[] | null | undefined): Fields | undefined {
  if (raw === null || raw === undefined || raw.length === 0) return undefined
  const fields: Fields = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toString('latin1')
    if (!neverTrailers.test(name)) fields.push(name, raw[i + 1]!.toString('latin1'))
  }
  return fields.length === 0 ? undefined : fields
}

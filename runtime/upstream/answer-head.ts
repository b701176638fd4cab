import type { Exchange } from '../core/exchange.ts'
import type { Fields } from '../core/headers.ts'
import type { Relocate } from './public-location.ts'

/** The head of an upstream's answer: end-to-end fields in the order and case they came, without the length. */
export interface AnswerHead {
  status: number
  readonly fields: Fields
  /** What `Content-Length` says; undefined where the body is chunked or ends with the connection. */
  readonly length: number | undefined
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
        if (lower === 'upgrade' || lower === 'trailer') continue
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
  return { status: 0, fields, length }
}

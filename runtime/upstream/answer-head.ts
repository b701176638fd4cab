import type { Exchange } from '../core/exchange.ts'
import { type Fields, isField } from '../core/headers.ts'
import type { Relocate } from './public-location.ts'

/** The head of an upstream's answer, its fields sorted as they are taken: what goes on, and what is for one hop only. */
export class AnswerHead {
  readonly status: number
  /** End-to-end fields in the order and case they came, without the length (RFC 9110 §7.6.1). */
  fields: Fields = []
  /** What `Content-Length` says; undefined where there is none. */
  length: number | undefined = undefined
  /** `Transfer-Encoding`; '' where there is none. */
  coding = ''
  /** `Keep-Alive`; '' where there is none. */
  keepAlive = ''
  /** `Upgrade`; '' where there is none. Several fields of one of these names are joined by commas. */
  upgrade = ''
  /** `Trailer`; '' where there is none: it goes on only with a body that trailers may follow. */
  trailer = ''
  #connection = ''
  #hasLocations = false

  constructor(status: number) {
    this.status = status
  }

  /** Sorts a field. The length settles nearly every name. */
  take(name: string, value: string): void {
    switch (name.length) {
      case 2:
        if (name.toLowerCase() === 'te') return
        break
      case 7: {
        const lower = name.toLowerCase()
        if (lower === 'upgrade') {
          this.upgrade = joined(this.upgrade, value)
          return
        }
        if (lower === 'trailer') {
          this.trailer = joined(this.trailer, value)
          return
        }
        break
      }
      case 8:
        if (name.toLowerCase() === 'location') this.#hasLocations = true
        break
      case 10: {
        const lower = name.toLowerCase()
        if (lower === 'connection') {
          this.#connection = joined(this.#connection, value)
          return
        }
        if (lower === 'keep-alive') {
          this.keepAlive = joined(this.keepAlive, value)
          return
        }
        break
      }
      case 14:
        if (name.toLowerCase() === 'content-length') {
          this.length = Number(value)
          return
        }
        break
      case 16: {
        const lower = name.toLowerCase()
        if (lower === 'proxy-connection') return
        if (lower === 'content-location') this.#hasLocations = true
        break
      }
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') {
          this.coding = joined(this.coding, value)
          return
        }
        break
      case 18:
        if (name.toLowerCase() === 'proxy-authenticate') return
        break
    }
    this.fields.push(name, value)
  }

  /** All fields have been taken. */
  finish(): void {
    const connection = this.#connection.toLowerCase()
    if (connection !== '' && connection !== 'keep-alive' && connection !== 'close') {
      const listed = new Set(connection.split(',').map((token) => token.trim()))
      this.fields = this.fields.filter((_, i, all) => !listed.has(all[i - (i % 2)]!.toLowerCase()))
    }
    this.fields.push('Via', '1.1 specgate')
  }

  /** Shows locations as callers may see them. */
  relocate(relocate: Relocate, exchange: Exchange): void {
    if (!this.#hasLocations) return
    const { fields } = this
    for (let i = 0; i < fields.length; i += 2) {
      const name = fields[i]!
      if (isField(name, 'location') || isField(name, 'content-location')) {
        fields[i + 1] = relocate(fields[i + 1]!, exchange)
      }
    }
  }

  /** RFC 9110 §7.8: whether an answer of 101 changes to the protocol that was asked for, and to no other. */
  get isWebSocket(): boolean {
    return this.upgrade.toLowerCase() === 'websocket'
  }
}

function joined(before: string, value: string): string {
  return before === '' ? value : `${before},${value}`
}

/** RFC 9110 §6.5.1: what frames, routes, authorizes or describes a message must not come after its body. */
const neverTrailers =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-.*|cache-control|expires|date|location|vary|set-cookie|authorization|www-authenticate|age|via|x-request-id)$/i

/** Trailer fields that may go on; undefined where there are none. */
export function endToEndTrailers(trailers: Fields): Fields | undefined {
  const fields: Fields = []
  for (let i = 0; i < trailers.length; i += 2) {
    if (!neverTrailers.test(trailers[i]!)) fields.push(trailers[i]!, trailers[i + 1]!)
  }
  return fields.length === 0 ? undefined : fields
}

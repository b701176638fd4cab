import { createHmac, randomBytes } from 'node:crypto'
import type { Concealment, Exchange } from '../../core/exchange.ts'
import type { Policy } from '../../core/policy.ts'

/** What stands in a log for a value: `***`; a digest, the same for the same value; or nothing, not even the parameter. */
export type Stand = 'mask' | 'hash' | 'drop'

export interface ConcealOptions {
  /** By variable of the path template. */
  readonly path?: Readonly<Record<string, Stand>>
  /** By query parameter; `name[*]` for every name that starts with `name[`, `[*]` for the whole query. */
  readonly query?: Readonly<Record<string, Stand>>
  /** What digests are keyed with, so that they tell the same in every instance and nobody can try values; '' is a key of this process. */
  readonly key?: string
}

/** Keeps the values of what the contract calls sensitive out of the access log. */
export function conceal(options: ConcealOptions): Policy {
  const concealment = new Concealed(options)
  return (next) => (exchange) => {
    exchange.concealment = concealment
    return next(exchange)
  }
}

const ownKey = randomBytes(32)

class Concealed implements Concealment {
  readonly #path: ReadonlyMap<string, Stand>
  readonly #query: ReadonlyMap<string, Stand>
  readonly #prefixes: readonly (readonly [prefix: string, stand: Stand])[]
  readonly #key: string | Buffer

  constructor({ path = {}, query = {}, key = '' }: ConcealOptions) {
    const entries = Object.entries(query)
    this.#path = new Map(Object.entries(path))
    this.#query = new Map(entries.filter(([name]) => name === '[*]' || !name.endsWith('[*]')))
    this.#prefixes = entries.flatMap(([name, stand]) => (name.endsWith('[*]') ? [[name.slice(0, -2), stand]] : []))
    this.#key = key === '' ? ownKey : key
  }

  path({ operation, pathValues }: Exchange): string {
    let index = 0
    return operation.path.replace(/\{([^{}]*)\}/g, (_, name: string) => {
      const value = pathValues[index++] ?? ''
      const stand = this.#path.get(name)
      if (stand === undefined) return value
      // A path without one of its segments would be another path.
      return stand === 'hash' ? this.#digest(value) : '***'
    })
  }

  query(query: string): string {
    if (this.#query.size === 0 && this.#prefixes.length === 0) return query
    const whole = this.#query.get('[*]')
    if (whole !== undefined) return whole === 'hash' ? this.#digest(query) : whole === 'mask' ? '***' : ''
    return query
      .split('&')
      .flatMap((pair) => {
        const equals = pair.indexOf('=')
        const written = equals === -1 ? pair : pair.slice(0, equals)
        const stand = this.#standOf(decoded(written))
        if (stand === undefined || equals === -1) return [pair]
        if (stand === 'drop') return []
        return [`${written}=${stand === 'hash' ? this.#digest(pair.slice(equals + 1)) : '***'}`]
      })
      .join('&')
  }

  #standOf(name: string): Stand | undefined {
    return this.#query.get(name) ?? this.#prefixes.find(([prefix]) => name.startsWith(prefix))?.[1]
  }

  /** Of the value, not of one of its spellings. */
  #digest(value: string): string {
    return createHmac('sha256', this.#key).update(decoded(value)).digest('hex').slice(0, 16)
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

import type { Ballot } from './ballot.ts'
import { hashed } from './key-table.ts'
import { MalformedJson } from './malformed.ts'
import type { Member } from './member.ts'
import { afterString } from './scan.ts'
import type { State } from './states.ts'

/** Reads the names of members, and what is declared by them. */
export class NameReader {
  /** Of the name read last; undefined where it is not declared. */
  member: Member | undefined
  /** The name itself, where it had to be decoded. */
  name: string | undefined
  hash = 0
  /** Where the next name is looked for first; the caller keeps it for each object. */
  guess = 0
  readonly #bytes: Buffer
  /** In the table of the state; -1 where it was not found there. */
  #index = -1
  #state: State | undefined
  #from = 0
  #to = 0

  /** @param bytes with a zero behind them */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** @returns the index behind the name's closing quote */
  read(quote: number, state: State): number {
    const bytes = this.#bytes
    if (bytes[quote] !== 0x22) throw new MalformedJson('a name')
    this.#state = state
    this.#from = quote
    this.#index = -1
    this.name = undefined
    if (state.isAny) {
      this.member = undefined
      return (this.#to = afterString(bytes, quote))
    }
    const { table } = state
    const from = quote + 1
    const { guess } = this
    if (table.isAt(guess, bytes, from)) {
      this.guess = guess + 1
      this.#index = guess
      this.member = table.values[guess]
      return from + table.lengthOf(guess) + 1
    }
    let hash = 0
    let i = from
    let c = bytes[i]!
    for (; c !== 0x22 && c !== 0x5c && c >= 0x20; c = bytes[++i]!) hash = hashed(hash, c)
    this.hash = hash
    const hasEscape = c !== 0x22
    const end = hasEscape ? afterString(bytes, quote) : i + 1
    this.#to = end
    if (!hasEscape) {
      const index = table.find(bytes, from, i, hash)
      this.#index = index
      if (index >= 0) {
        this.guess = index + 1
        this.member = table.values[index]
        return end
      }
      if (!state.hasOthers) {
        this.member = undefined
        return end
      }
      const known = state.known.find(bytes, from, i, hash)
      if (known !== undefined) {
        this.member = known
        this.name = known.name
        return end
      }
    }
    const name = this.#decoded()
    this.name = name
    this.member = hasEscape ? state.member(name) : state.other(name)
    if (!hasEscape && this.member !== undefined) state.known.add(bytes, from, i, hash, this.member)
    return end
  }

  /** Where the name stands in the table of what is asked; -1 where nothing is asked of it in particular. */
  indexIn({ node, indexes }: Ballot): number {
    if (this.#index >= 0) return indexes[this.#index]!
    if (this.name === undefined && !this.#state!.isAny)
      return node.table.find(this.#bytes, this.#from + 1, this.#to - 1, this.hash)
    return node.index(this.name ?? this.#decoded()) ?? -1
  }

  #decoded(): string {
    const text = this.#bytes.toString('utf8', this.#from, this.#to)
    return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1)
  }
}

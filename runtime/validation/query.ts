import type { Fault } from '../core/problem.ts'
import type { Piece } from './deep-object.ts'
import type { Details } from './details.ts'
import type { BoundParameter, Found } from './parameter.ts'
import { formDecode } from './percent.ts'

/** What happens to what the contract does not declare. */
export type Unknown = 'reject' | 'strip' | 'pass'

/** Reads texts of the form `name=value&name=value`: queries, forms and, with another separator, cookies. */
export class PairsReader {
  readonly #parameters: readonly BoundParameter[]
  readonly #slots = new Map<string, Slot>()
  readonly #deep = new Map<string, number>()
  readonly #rest: number

  constructor(parameters: readonly BoundParameter[]) {
    this.#parameters = parameters
    this.#rest = parameters.findIndex((parameter) => parameter.takesRest)
    parameters.forEach(({ name, gathering, members }, index) => {
      if (gathering === 'deep') this.#deep.set(name, index)
      else if (gathering === 'members') for (const member of members) this.#addMember(member, index)
    })
    // A parameter's own name counts before a member's.
    parameters.forEach(({ name, gathering }, index) => {
      if (gathering === 'named') this.#slots.set(name, { index, member: false, others: [] })
    })
  }

  #addMember(name: string, index: number): void {
    const known = this.#slots.get(name)
    if (known === undefined) this.#slots.set(name, { index, member: true, others: [] })
    else {
      const [first, ...others] = [known.index, ...known.others, index].sort((a, b) => this.#rank(a) - this.#rank(b))
      this.#slots.set(name, { index: first!, member: true, others })
    }
  }

  /** Parameters that must be there come first. */
  #rank(index: number): number {
    return this.#parameters[index]!.required ? 0 : 1
  }

  get size(): number {
    return this.#parameters.length
  }

  /** Puts a pair where it belongs. False: nobody has declared it. */
  put(found: (Found | undefined)[], name: string, raw: string): boolean {
    const slot = this.#slots.get(name)
    if (slot !== undefined) {
      if (!slot.member) addText(found, slot.index, raw)
      else if (slot.others.length === 0) addPiece(found, slot.index, name, raw)
      else this.#share(found, slot, name, raw)
      return true
    }
    if (this.#deep.size > 0) {
      const bracket = name.indexOf('[')
      const end = bracket === -1 ? name.length : bracket
      const index = this.#deep.get(bracket === -1 ? name : name.slice(0, end))
      if (index !== undefined) {
        addPiece(found, index, name.slice(end), raw)
        return true
      }
    }
    if (this.#rest === -1) return false
    addPiece(found, this.#rest, name, raw)
    return true
  }

  /**
   * Several objects are written side by side and have a member of this name: nobody can tell whose it is. The first value is
   * that of all who must be there, else of the first; a further one is everybody else's.
   */
  #share(found: (Found | undefined)[], { index, others }: Slot, name: string, raw: string): void {
    const isFirst = (found[index] as Piece[] | undefined)?.some(({ path }) => path === name) !== true
    if (isFirst) addPiece(found, index, name, raw)
    for (const other of others) {
      if (isFirst && !this.#parameters[other]!.required) continue
      found[other] = ((found[other] as Piece[] | undefined) ?? []).filter(({ path }) => path !== name)
      addPiece(found, other, name, raw)
    }
  }

  check(found: readonly (Found | undefined)[], faults: Fault[], details: Details, room: number): void {
    const parameters = this.#parameters
    for (let i = 0; i < parameters.length && faults.length < room; i++)
      parameters[i]!.check(found[i], faults, details, room)
  }
}

/** Where the values of a name belong. */
interface Slot {
  readonly index: number
  /** The name is a member's, not the parameter's own. */
  readonly member: boolean
  /** Further parameters that have a member of this name. */
  readonly others: number[]
}

function addText(found: (Found | undefined)[], index: number, raw: string): void {
  const known = found[index]
  if (known === undefined) found[index] = raw
  else if (typeof known === 'string') found[index] = [known, raw]
  else (known as string[]).push(raw)
}

function addPiece(found: (Found | undefined)[], index: number, path: string, raw: string): void {
  const known = found[index]
  if (known === undefined) found[index] = [{ path, raw }]
  else (known as Piece[]).push({ path, raw })
}

/** A declared name, decoded; names are percent-encoded as values are. */
export function pairName(raw: string): string | undefined {
  return raw.includes('%') || raw.includes('+') ? formDecode(raw) : raw
}

/**
 * Walks over `a=1&b=2` once.
 * @param visit `start` and `end` are where the pair stands in the text
 */
export function eachPair(text: string, visit: (name: string, value: string, start: number, end: number) => void): void {
  const { length } = text
  let start = 0
  let equals = -1
  for (let i = 0; i <= length; i++) {
    const code = i === length ? 0x26 : text.charCodeAt(i)
    if (code === 0x3d) {
      if (equals === -1) equals = i
    } else if (code === 0x26) {
      if (i > start) {
        if (equals === -1) visit(text.slice(start, i), '', start, i)
        else visit(text.slice(start, equals), text.slice(equals + 1, i), start, i)
      }
      start = i + 1
      equals = -1
    }
  }
}

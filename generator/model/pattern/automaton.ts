import type { Automaton } from '../../../runtime/validation/automaton.ts'
import type { Ranges } from './ranges.ts'
import type { Syntax } from './syntax.ts'

/** Numbers of a program at most: time for a text is its length times this, at worst. */
const mostCode = 1500
const asserted = ['^', '$', 'b', 'B'] as const

/**
 * The steps of a pattern (Thompson 1968), repetition written out.
 *
 * @returns undefined where that takes too many
 */
export function automatonOf(syntax: Syntax): Automaton | undefined {
  const writer = new Writer()
  writer.write(syntax)
  if (writer.code.length > mostCode) return undefined
  writer.code.push(4)
  return { sets: writer.sets, code: writer.code }
}

class Writer {
  readonly code: number[] = []
  readonly sets: number[][] = []
  readonly #known = new Map<string, number>()

  write(syntax: Syntax): void {
    if (this.code.length > mostCode) return
    switch (syntax.kind) {
      case 'set':
        this.code.push(0, this.#set(syntax.ranges))
        return
      case 'sequence':
        for (const part of syntax.parts) this.write(part)
        return
      case 'choice':
        this.#choice(syntax.parts)
        return
      case 'assert':
        this.code.push(3, asserted.indexOf(syntax.is))
        return
      case 'repeat':
        this.#repeat(syntax.body, syntax.least, syntax.most)
        return
      default:
        throw new Error('no automaton has this')
    }
  }

  #choice(parts: readonly Syntax[]): void {
    const ends: number[] = []
    for (const [i, part] of parts.entries()) {
      const isLast = i === parts.length - 1
      const split = this.code.length
      if (!isLast) this.code.push(1, split + 3, 0)
      this.write(part)
      if (isLast) break
      ends.push(this.code.push(2, 0) - 1)
      this.code[split + 2] = this.code.length
    }
    for (const end of ends) this.code[end] = this.code.length
  }

  #repeat(body: Syntax, least: number, most: number): void {
    for (let i = 0; i < least && this.code.length <= mostCode; i++) this.write(body)
    if (most === Number.POSITIVE_INFINITY) {
      const split = this.code.length
      this.code.push(1, split + 3, 0)
      this.write(body)
      this.code.push(2, split)
      this.code[split + 2] = this.code.length
      return
    }
    const skips: number[] = []
    for (let i = least; i < most && this.code.length <= mostCode; i++) {
      const split = this.code.length
      skips.push(this.code.push(1, split + 3, 0) - 1)
      this.write(body)
    }
    for (const skip of skips) this.code[skip] = this.code.length
  }

  #set(ranges: Ranges): number {
    const flat = ranges.flat()
    const key = flat.join()
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, this.sets.length)
    return this.sets.push(flat) - 1
  }
}

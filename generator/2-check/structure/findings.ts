import { type Place, pointerTokens } from '../../model/place.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { nearest } from '../../report/nearest.ts'
import type { Reporter } from '../../report/reporter.ts'
import { inWords, typeInWords } from './fits.ts'
import type { Shape } from './shape.ts'

/** Words for what the walk finds: an error, or a warning where only people read the place. */
export class Findings {
  readonly #reporter: Reporter

  constructor(reporter: Reporter) {
    this.#reporter = reporter
  }

  /** Nothing below a value of the wrong type can be looked at: []. */
  wrong(node: SpecNode, shape: Shape, prose: boolean): [] {
    const key = pointerTokens(node.place.pointer).at(-1) ?? 'document'
    if (node.value === null && !isSchema(shape) && !(shape.is === 'list' && shape.solid === true)) {
      if (!prose) this.#reporter.report('empty-field', { ...node.place, at: 'key' }, { key })
    } else if (shape.is === 'text' && shape.one !== undefined && typeof node.value === 'string') {
      const gaps = { key, value: node.value, known: shape.one, ...near(node.value, shape.one) }
      this.#reporter.report(prose ? 'unknown-value-ignored' : 'unknown-value', node, gaps)
    } else {
      const gaps = { key, expected: inWords(shape), found: typeInWords(node.value) }
      const place: Place = node.value === null ? { ...node.place, at: 'key' } : node.place
      this.#reporter.report(prose ? 'wrong-type-ignored' : 'wrong-type', place, gaps)
    }
    return []
  }

  slip(node: SpecNode, key: string, shape: Shape): void {
    this.#reporter.report('keyword-left-out', node, { key, expected: inWords(shape), found: typeInWords(node.value) })
  }

  missing(node: SpecNode, key: string, owner: string, needed: boolean): void {
    this.#reporter.report(needed ? 'missing-field' : 'missing-advised', node, { key, owner })
  }

  /** @param slipsOnly any member is allowed, so only what looks like a known one misspelt is worth a word */
  unknown(node: SpecNode, key: string, known: readonly string[], owner: string, slipsOnly: boolean): void {
    const slip = near(key, known)
    if (slipsOnly && slip.nearest === undefined) return
    // Reading a misspelt `security` as a mere extra would open the operation to everybody.
    const code = slip.nearest === 'security' ? 'unknown-key' : 'unknown-field'
    this.#reporter.report(code, node.placeOf(key, 'key'), { key, owner, ...slip })
  }
}

function near(word: string, known: readonly string[]): { nearest?: string } {
  const found = nearest(word, known)
  return found === undefined ? {} : { nearest: found }
}

function isSchema(shape: Shape): boolean {
  return shape.is === 'either' && shape.of.some((alternative) => alternative.is === 'object')
}

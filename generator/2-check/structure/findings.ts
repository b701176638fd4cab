import { type Place, pointerTokens } from '../../model/place.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { nearest } from '../../report/nearest.ts'
import type { Reporter } from '../../report/reporter.ts'
import { keyPlace } from '../key-place.ts'
import { inWords, typeInWords } from './fits.ts'
import type { Shape } from './shape.ts'

/** Words for what the walk finds: an error, or a warning where only people read the place. */
export class Findings {
  readonly #reporter: Reporter

  constructor(reporter: Reporter) {
    this.#reporter = reporter
  }

  /**
   * Nothing below a value of the wrong type can be looked at: [].
   * @param keyword its name, where it is a keyword of a schema
   */
  wrong(node: SpecNode, shape: Shape, prose: boolean, keyword?: string | number): [] {
    const key = nameOf(node.place)
    if (node.value === null && !isSchema(shape) && !(shape.is === 'list' && shape.solid === true)) {
      if (!prose) this.empty(node, key)
    } else if (shape.is === 'text' && shape.one !== undefined && typeof node.value === 'string') {
      const gaps = { key, value: node.value, known: shape.one, ...meant(node.value, shape.one) }
      this.#reporter.report(prose ? 'unknown-value-ignored' : 'unknown-value', node, gaps)
    } else {
      const gaps = { key, expected: inWords(shape), found: typeInWords(node.value) }
      const place: Place = node.value === null ? { ...node.place, at: 'key' } : node.place
      const code = keyword !== undefined && limits.has(String(keyword)) ? 'keyword-wrong-type' : 'wrong-type'
      this.#reporter.report(prose ? 'wrong-type-ignored' : code, place, gaps)
    }
    return []
  }

  empty(node: SpecNode, key: string): void {
    this.#reporter.report('empty-field', { ...node.place, at: 'key' }, { key })
  }

  misplaced(node: SpecNode, key: string): void {
    this.#reporter.report('keyword-misplaced', { ...node.place, at: 'key' }, { key })
  }

  slip(node: SpecNode, key: string, shape: Shape): void {
    this.#reporter.report('keyword-left-out', node, { key, expected: inWords(shape), found: typeInWords(node.value) })
  }

  missing(node: SpecNode, key: string, owner: string, needed: boolean): void {
    this.#reporter.report(needed ? 'missing-field' : 'missing-advised', node, { key, owner })
  }

  newer(node: SpecNode, key: string, owner: string, version: number): void {
    this.#reporter.report('field-newer', keyPlace(node, key), { key, owner, version: version.toFixed(1) })
  }

  /** @param slipsOnly any member is allowed, so only what looks like a known one misspelt is worth a word */
  unknown(node: SpecNode, key: string, known: readonly string[], owner: string, slipsOnly: boolean): void {
    const slip = near(key, known)
    if (slipsOnly && slip.nearest === undefined) return
    // Reading a misspelt `security` as a mere extra would open the operation to everybody.
    // So would an operation vanish whose method is written in capitals.
    const isMethod = owner === 'path item' && key !== key.toLowerCase() && known.includes(key.toLowerCase())
    const code = slip.nearest === 'security' || isMethod ? 'unknown-key' : 'unknown-field'
    this.#reporter.report(code, keyPlace(node, key), { key, owner, ...slip })
  }
}

/** Keywords that only narrow what a schema allows: it can be had without. */
const limits = new Set(
  `multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems
  maxProperties minProperties maxContains minContains`.split(/\s+/),
)

function near(word: string, known: readonly string[]): { nearest?: string } {
  const found = nearest(word, known)
  return found === undefined ? {} : { nearest: found }
}

/** Types as other languages call them. */
const aliases: Readonly<Record<string, string>> = {
  int: 'integer',
  long: 'integer',
  float: 'number',
  double: 'number',
  decimal: 'number',
  bool: 'boolean',
  str: 'string',
  text: 'string',
  date: 'string',
  datetime: 'string',
  uuid: 'string',
  list: 'array',
  map: 'object',
  dict: 'object',
}

function meant(word: string, known: readonly string[]): { nearest?: string } {
  const alias = Object.hasOwn(aliases, word.toLowerCase()) ? aliases[word.toLowerCase()]! : undefined
  return alias !== undefined && known.includes(alias) ? { nearest: alias } : near(word, known)
}

/** How a value is called: its key, or for an item its list's: `servers[0]`. */
function nameOf(place: Place): string {
  const tokens = pointerTokens(place.pointer)
  const key = tokens.at(-1) ?? 'document'
  return /^\d+$/.test(key) && tokens.length > 1 ? `${tokens.at(-2)}[${key}]` : key
}

function isSchema(shape: Shape): boolean {
  return shape.is === 'either' && shape.of.some((alternative) => alternative.is === 'object')
}

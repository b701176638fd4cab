import { isAlias, isMap, isPair, isScalar, isSeq, type Pair, type YAMLError } from 'yaml'
import { type Place, pointerToken } from '../../model/place.ts'
import { Lines, positionAt } from '../../report/position.ts'
import type { Reporter } from '../../report/reporter.ts'
import { parseYamlDocument, type YamlDocument } from '../../report/yaml-document.ts'
import { put } from '../put.ts'
import { depthLimit, type Parsed } from './parse.ts'

/** Values that a document may have once its aliases are expanded; the largest real ones have under a million. */
const nodeBudget = 2_000_000

/** Reported at most: a text pasted into itself has thousands. */
const duplicateLimit = 50

/** Parses YAML 1.2 (with merge keys) into the values JSON has. Aliases stay shared: the same object, never a copy. */
export function parseYaml(text: string, file: string, reporter: Reporter): Parsed | undefined {
  let parsed: YamlDocument
  try {
    parsed = parseYamlDocument(text)
  } catch (error) {
    // The parser recurses: nesting without end overflows the stack.
    const place = { file, pointer: '', line: 1, column: 1 }
    if (error instanceof RangeError) reporter.report('too-deep', place, { limit: depthLimit })
    else reporter.report('syntax', place, { reason: (error as Error).message })
    return undefined
  }
  const { document, outdented, outdentedQuote } = parsed
  for (const offset of outdented) {
    reporter.report('yaml-outdented', { file, pointer: '', ...positionAt(text, offset) }, {})
  }
  if (outdentedQuote !== undefined)
    reporter.report('yaml-quote-outdented', { file, pointer: '', ...positionAt(text, outdentedQuote) }, {})
  const at = (problem: YAMLError): Place => ({ file, pointer: '', ...positionAt(text, problem.pos[0]) })
  if (document.errors.some(({ message }) => message.includes('Maximum call stack'))) {
    reporter.report('too-deep', { file, pointer: '', line: 1, column: 1 }, { limit: depthLimit })
    return undefined
  }
  // One slip of indentation makes an error of every line below it.
  for (const problem of document.errors.slice(0, 3))
    reporter.report('syntax', at(problem), { reason: sentence(problem) })
  for (const problem of document.warnings) reporter.report('yaml-warning', at(problem), { reason: sentence(problem) })
  if (document.errors.length > 0) return undefined
  const second = secondDocument(text, document.range[2])
  if (second !== undefined) {
    reporter.report('yaml-documents', { file, pointer: '', ...positionAt(text, second) }, {})
    return undefined
  }
  if (document.contents === null) {
    reporter.report('empty-document', { file, pointer: '', line: 1, column: 1 }, {})
    return undefined
  }
  try {
    return { value: new Converter(text, file, reporter).convert(document.contents, '', 0) }
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}

/** Where another document begins behind the first one's end; undefined where there is none. */
function secondDocument(text: string, end: number): number | undefined {
  const rest = text.slice(end)
  const isMore = rest.replace(/^(?:---|\.\.\.)?[ \t]*(?:#.*)?$/gm, '').trim() !== ''
  return isMore ? end + Math.max(rest.search(/^---/m), 0) : undefined
}

/** The text cannot be given a value; it is reported already. */
class Refused extends Error {}

/** The values of a parsed YAML text. A cyclic or exploding alias refuses the text: whoever walks it would never end. */
class Converter {
  readonly #text: string
  readonly #file: string
  readonly #reporter: Reporter
  readonly #anchors = new Map<string, { value: unknown; size: number; done: boolean }>()
  #size = 0
  #duplicates = 0
  #lines: Lines | undefined

  constructor(text: string, file: string, reporter: Reporter) {
    this.#text = text
    this.#file = file
    this.#reporter = reporter
  }

  convert(node: unknown, pointer: string, depth: number): unknown {
    if (isAlias(node)) return this.#alias(node.source, pointer, node)
    if (depth > depthLimit) this.#refuse('too-deep', pointer, node, { limit: depthLimit })
    if (++this.#size > nodeBudget) this.#refuse('alias-bomb', pointer, node, { limit: nodeBudget })
    const anchor = (node as { anchor?: string } | null)?.anchor
    if (isScalar(node)) {
      const value = scalar(node.value, node.source)
      if (anchor !== undefined) this.#anchors.set(anchor, { value, size: 1, done: true })
      return value
    }
    if (!isMap(node) && !isSeq(node)) return null
    const value: Record<string, unknown> | unknown[] = isSeq(node) ? [] : {}
    const entry = { value, size: this.#size, done: false }
    if (anchor !== undefined) this.#anchors.set(anchor, entry)
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        ;(value as unknown[]).push(this.convert(isPair(item) ? item.value : item, `${pointer}/${index}`, depth + 1))
      }
    } else this.#members(node.items, value as Record<string, unknown>, pointer, depth)
    entry.size = this.#size - entry.size + 1
    entry.done = true
    return value
  }

  #members(pairs: readonly Pair[], value: Record<string, unknown>, pointer: string, depth: number): void {
    const merges: { source: unknown; pair: Pair }[] = []
    for (const pair of pairs) {
      // Plain, or with the tag `!!merge`, which makes its value a symbol.
      if (isScalar(pair.key) && pair.key.source === '<<' && pair.key.type === 'PLAIN') {
        merges.push({ source: this.convert(pair.value, `${pointer}/<<`, depth + 1), pair })
        continue
      }
      const key = this.#key(pair.key, pointer)
      const child = `${pointer}/${pointerToken(key)}`
      if (Object.hasOwn(value, key)) this.#duplicate(key, child, pair, pairs)
      put(value, key, this.convert(pair.value, child, depth + 1))
    }
    // Merge keys: members of the map itself win, then the first source that has them.
    for (const { source, pair } of merges) {
      for (const base of Array.isArray(source) ? source : [source]) {
        if (typeof base !== 'object' || base === null || Array.isArray(base)) {
          const reason = 'a merge key (<<) takes an object or a list of objects.'
          this.#reporter.report('syntax', this.#place(pointer, pair.key), { reason })
          continue
        }
        for (const key of Object.keys(base)) {
          if (!Object.hasOwn(value, key)) put(value, key, (base as Record<string, unknown>)[key])
        }
      }
    }
  }

  #key(key: unknown, pointer: string): string {
    if (isAlias(key)) {
      const value = this.#alias(key.source, pointer, key)
      if (typeof value !== 'object' || value === null) return String(value)
    }
    // As written: `200` and `1.0` are names here, and a number would lose digits.
    if (isScalar(key)) return key.source ?? String(key.value ?? '')
    if (key === null || key === undefined) return ''
    this.#refuse('key-not-text', pointer, key, {})
  }

  #alias(name: string, pointer: string, node: unknown): unknown {
    const target = this.#anchors.get(name)
    if (target === undefined) this.#refuse('alias-unknown', pointer, node, { alias: name })
    if (!target.done) this.#refuse('alias-cycle', pointer, node, { alias: name })
    this.#size += target.size
    if (this.#size > nodeBudget) this.#refuse('alias-bomb', pointer, node, { limit: nodeBudget })
    return target.value
  }

  #duplicate(key: string, pointer: string, pair: Pair, pairs: readonly Pair[]): void {
    if (++this.#duplicates > duplicateLimit) return
    const first = pairs.find((other) => isScalar(other.key) && (other.key.source ?? String(other.key.value)) === key)
    const related = first && [{ place: this.#place(pointer, first.key), message: 'The first one.' }]
    this.#reporter.report('duplicate-key', this.#place(pointer, pair.key), { key }, related)
  }

  #place(pointer: string, node: unknown): Place {
    const range = (node as { range?: readonly number[] | null } | null)?.range
    return { file: this.#file, pointer, ...(range ? (this.#lines ??= new Lines(this.#text)).position(range[0]!) : {}) }
  }

  #refuse(
    ...[code, pointer, node, gaps]:
      | ['too-deep' | 'alias-bomb', string, unknown, { limit: number }]
      | ['alias-unknown' | 'alias-cycle', string, unknown, { alias: string }]
      | ['key-not-text', string, unknown, Record<string, never>]
  ): never {
    this.#reporter.report(code, this.#place(pointer, node), gaps as never)
    throw new Refused()
  }
}

/** JSON's scalars; what YAML tags make beside them (dates, binary) is the text that was written. */
function scalar(value: unknown, source: string | undefined): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  return source ?? String(value)
}

function sentence(problem: YAMLError): string {
  return problem.message.endsWith('.') ? problem.message : `${problem.message}.`
}

import type { ErrorObject } from 'ajv'
import { isObject, type JsonObject } from '../../model/json.ts'
import { type Place, pointerTokens } from '../../model/place.ts'
import { notBuiltYet } from '../../model/vocabulary.ts'
import { nearest } from '../../report/nearest.ts'
import type { Reporter } from '../../report/reporter.ts'
import { settingProblem } from './formats.ts'
import type { KnownKey } from './keys.ts'
import { levelWords } from './level.ts'
import { OptionSchemas } from './option-schema.ts'
import { type Placed, plain } from './placed.ts'
import { problem } from './problem.ts'

/** Judges option values by their schemas and reports each fault where it was written, once however often it is met. */
export class OptionFindings {
  readonly #reporter: Reporter
  readonly #schemas = new OptionSchemas()
  readonly #said = new Set<string>()

  readonly #keys: readonly KnownKey[]

  constructor(reporter: Reporter, keys: readonly KnownKey[]) {
    this.#reporter = reporter
    this.#keys = keys
  }

  /**
   * @param name the option's way from the top: `['rateLimit', 'burst']`
   * @param extent whether all that the schema requires must be here, or may come from another level
   */
  check(schema: JsonObject, value: Placed, name: readonly string[], extent: 'partial' | 'whole'): void {
    if (extent === 'partial') this.settings(value)
    for (const error of this.#schemas.errors(schema, plain(value), extent)) this.#report(error, value, name)
  }

  /** Text that holds a setting must be one. */
  settings(value: Placed): void {
    const fault = typeof value.scalar === 'string' ? settingProblem(value.scalar) : undefined
    if (fault !== undefined)
      this.#once('option-invalid', value.place, () => this.#reporter.report(fault, value.place, {}))
    for (const part of value.members?.values() ?? value.items ?? []) this.settings(part)
  }

  unknown(key: string, place: Place, known: readonly string[], name: readonly string[]): void {
    const dotted = [...name, key]
    this.#once('unknown-key', place, () => {
      if (notBuiltYet.some((entry) => matchesEntry(entry, dotted))) {
        this.#reporter.report('not-supported-yet', place, { key: dotted.join('.') })
        return
      }
      const elsewhere = this.#keys.find((one) => one.key === name[0] && hasProperty(one.options, dotted.slice(1)))
      if (elsewhere !== undefined) {
        const levels = elsewhere.levels.map((one) => levelWords[one])
        this.#reporter.report('wrong-level', place, { key: dotted.join('.'), level: 'this level', levels })
        return
      }
      const near = nearest(key, known)
      this.#reporter.report('unknown-key', place, {
        key: dotted.join('.'),
        ...(near === undefined ? {} : { nearest: near }),
      })
    })
  }

  invalid(place: Place, name: readonly string[], what: string): void {
    const gaps = { key: name.join('.'), problem: what }
    this.#once('option-invalid', place, () => this.#reporter.report('option-invalid', place, gaps))
  }

  #report(error: ErrorObject, root: Placed, name: readonly string[]): void {
    // What its `then` or `else` misses is reported for itself.
    if (error.keyword === 'if') return
    const tokens = pointerTokens(error.instancePath)
    const at = descend(root, tokens)
    const dotted = [...name, ...tokens]
    if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
      const key: string = error.params['additionalProperty'] ?? error.params['unevaluatedProperty']
      const properties = isObject(error.parentSchema) ? error.parentSchema['properties'] : undefined
      const known = isObject(properties) ? Object.keys(properties) : []
      this.unknown(key, at.members?.get(key)?.key ?? at.place, known, dotted)
    } else if (error.keyword === 'propertyNames') {
      const key: string = error.params['propertyName']
      this.invalid(at.members?.get(key)?.key ?? at.place, [...dotted, key], 'is no name that can be used here')
    } else if (error.keyword === 'required' || error.keyword === 'dependentRequired') {
      const gaps = { key: dotted.join('.'), missing: String(error.params['missingProperty']) }
      this.#once(`missing ${gaps.missing}`, at.key, () => this.#reporter.report('option-missing', at.key, gaps))
    } else if (error.keyword === 'format' && error.params['format'] === 'secret') {
      const key = dotted.join('.')
      this.#once('secret', at.place, () => this.#reporter.report('secret-literal', at.place, { key }))
    } else {
      this.invalid(at.place, dotted, problem(error))
    }
  }

  #once(fault: string, place: Place, report: () => void): void {
    const id = `${fault} ${place.at ?? ''} ${place.file}#${place.pointer}`
    if (this.#said.has(id)) return
    this.#said.add(id)
    report()
  }
}

function descend(root: Placed, tokens: readonly string[]): Placed {
  let at = root
  for (const token of tokens) at = at.members?.get(token) ?? at.items?.[Number(token)] ?? at
  return at
}

/** `upstreams.*.tls` names `upstreams.erp.tls`. */
function matchesEntry(entry: string, dotted: readonly string[]): boolean {
  const parts = entry.split('.')
  return parts.length === dotted.length && parts.every((part, index) => part === '*' || part === dotted[index])
}

/** Whether an option schema declares the property these names lead to. */
function hasProperty(schema: unknown, names: readonly string[]): boolean {
  let at = schema
  for (const name of names) {
    const properties = isObject(at) ? at['properties'] : undefined
    if (!isObject(properties) || !Object.hasOwn(properties, name)) return false
    at = properties[name]
  }
  return true
}

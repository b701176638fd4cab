import type { Exchange } from '../../core/exchange.ts'
import { JsonFault, pointerOf } from '../../json/json-fault.ts'
import type { JsonIndex } from '../../json/json-index.ts'
import { readJson } from '../../json/read-json.ts'
import { fill } from './fill.ts'
import type { BodyChanges, MemberChanges, NewValue } from './options.ts'

/** How deep arrays and objects may nest. */
const deepest = 256

/**
 * Changes JSON as text: what stays, stays character for character, digits and order included.
 * @throws JsonFault for what is no JSON, or has not what is to be unwrapped
 */
export function changeBody(bytes: Buffer, changes: BodyChanges, exchange: Exchange): Buffer {
  const change = new Change(readJson(bytes, deepest), exchange)
  const inner = change.write(change.unwrapped(changes.unwrap ?? []), changes.members)
  const { wrap = [] } = changes
  const opened = wrap.map((name) => `{${JSON.stringify(name)}:`).join('')
  return Buffer.from(opened + inner + '}'.repeat(wrap.length))
}

class Change {
  readonly #json: JsonIndex
  readonly #exchange: Exchange

  constructor(json: JsonIndex, exchange: Exchange) {
    this.#json = json
    this.#exchange = exchange
  }

  unwrapped(path: readonly string[]): number {
    let at = 0
    path.forEach((name, depth) => {
      const found =
        this.#json.kind(at) === 0x7b ? this.#names(at).find((index) => this.#json.string(index) === name) : undefined
      if (found === undefined) throw new JsonFault(pointerOf(path.slice(0, depth + 1)), 'is required', 'required')
      at = found + 1
    })
    return at
  }

  write(at: number, changes: MemberChanges | undefined): string {
    const json = this.#json
    const kind = json.kind(at)
    if (changes === undefined || (kind !== 0x7b && kind !== 0x5b)) return json.slice(at)
    if (kind === 0x7b) return this.#object(at, changes)
    const items: string[] = []
    const end = json.after[at]!
    for (let item = at + 1; item < end; item = json.after[item]!) items.push(this.write(item, changes))
    return `[${items.join()}]`
  }

  #object(at: number, { picks, members = {}, set = {} }: MemberChanges): string {
    const json = this.#json
    const names = this.#names(at).map((index) => ({ index, key: json.string(index) }))
    const changeOf = (key: string) => (Object.hasOwn(members, key) ? members[key] : undefined)
    const arriving = new Set(names.flatMap(({ key }) => changeOf(key)?.as ?? []))
    const written: string[] = []
    const present = new Set<string>()
    for (const { index, key } of names) {
      const change = changeOf(key)
      const isGone = change?.drops === true || (picks === true && change?.keeps !== true)
      const name = change?.as ?? key
      // Whatever takes a name is alone with it.
      if (isGone || (change?.as === undefined && arriving.has(key))) continue
      if (Object.hasOwn(set, name)) {
        if (!present.has(name)) this.#put(written, name, set[name]!)
        present.add(name)
        continue
      }
      const label = change?.as === undefined ? json.slice(index) : JSON.stringify(name)
      written.push(`${label}:${this.write(index + 1, change?.inside)}`)
    }
    for (const [name, value] of Object.entries(set)) if (!present.has(name)) this.#put(written, name, value)
    for (const [key, { as, inside, drops }] of Object.entries(members)) {
      if (inside === undefined || drops === true || names.some((name) => name.key === key)) continue
      const made = this.#made(inside)
      if (made !== undefined) written.push(`${JSON.stringify(as ?? key)}:${made}`)
    }
    return `{${written.join()}}`
  }

  /** An object that is not there, of what is set in it. */
  #made({ members = {}, set = {} }: MemberChanges): string | undefined {
    const written: string[] = []
    for (const [name, value] of Object.entries(set)) this.#put(written, name, value)
    for (const [key, { as, inside, drops }] of Object.entries(members)) {
      const made = inside === undefined || drops === true ? undefined : this.#made(inside)
      if (made !== undefined) written.push(`${JSON.stringify(as ?? key)}:${made}`)
    }
    return written.length === 0 ? undefined : `{${written.join()}}`
  }

  #put(written: string[], name: string, value: NewValue): void {
    const text = newValue(value, this.#exchange)
    if (text !== undefined) written.push(`${JSON.stringify(name)}:${text}`)
  }

  #names(at: number): number[] {
    const { after } = this.#json
    const names: number[] = []
    for (let name = at + 1; name < after[at]!; name = after[name + 1]!) names.push(name)
    return names
  }
}

const numeric = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/

/** JSON text; undefined where the request has no such value. */
function newValue(value: NewValue, exchange: Exchange): string | undefined {
  if ('json' in value) return value.json
  const text = fill(value.text, exchange, (one) => one)
  if (text === undefined) return undefined
  if (value.as === 'number' && numeric.test(text)) return text
  if (value.as === 'boolean' && (text === 'true' || text === 'false')) return text
  return JSON.stringify(text.toWellFormed())
}

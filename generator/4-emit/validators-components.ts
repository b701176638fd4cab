import { isObject, type Json } from '../model/json.ts'
import { pointerTokens } from '../model/place.ts'
import { type Discriminated, hierarchy } from './validators-discriminator.ts'
import { componentCircles, type Facts, walk } from './validators-walk.ts'

export type Direction = 'request' | 'response'

const prefix = '#/components/schemas/'

/** What the component schemas are to each other: who refers to whom, and where that goes round in circles. */
export class Components {
  readonly schemas: ReadonlyMap<string, Json>
  readonly #facts = new Map<string, Facts>()
  readonly #children: ReadonlyMap<string, readonly string[]>
  readonly #hierarchies = new Map<string, Discriminated | undefined>()
  readonly #circles: Map<string, number>
  readonly #directed: Readonly<Record<Direction, ReadonlySet<string>>>

  constructor(schemas: { readonly [name: string]: Json }) {
    this.schemas = new Map(Object.entries(schemas))
    this.#children = this.#findChildren()
    for (const name of this.schemas.keys()) this.#hierarchies.set(name, hierarchy(name, this))
    for (const name of this.schemas.keys()) this.#facts.set(name, this.#survey(name))
    this.#circles = componentCircles(this.#facts)
    this.#directed = { request: this.#reaching('request'), response: this.#reaching('response') }
  }

  /** The component a reference names, or undefined where there is none. */
  nameOf(reference: unknown): string | undefined {
    if (typeof reference !== 'string' || !reference.startsWith(prefix)) return undefined
    const tokens = pointerTokens(decodeFragment(reference.slice(1)))
    return tokens.length === 3 && this.schemas.has(tokens[2]!) ? tokens[2] : undefined
  }

  resolve(schema: unknown): unknown {
    const seen = new Set<unknown>()
    while (isObject(schema) && schema['$ref'] !== undefined && !seen.has(schema)) {
      seen.add(schema)
      const name = this.nameOf(schema['$ref'])
      if (name === undefined) return schema
      schema = this.schemas.get(name)
    }
    return schema
  }

  /** Components that say `allOf` of this one, and those that say it of them. */
  childrenOf(name: string): readonly string[] {
    const found = new Set(this.#children.get(name))
    // A set grows while it is walked.
    for (const child of found) for (const grandchild of this.#children.get(child) ?? []) found.add(grandchild)
    found.delete(name)
    return [...found]
  }

  /** How the children of a parent are told apart by its discriminator. */
  hierarchyOf(name: string): Discriminated | undefined {
    return this.#hierarchies.get(name)
  }

  /** Whether both judge the same value again and again: `Pet` is one of `Cat`, and `Cat` is all of `Pet`. */
  inOneCircle(a: string, b: string): boolean {
    const circle = this.#circles.get(a)
    return circle !== undefined && circle === this.#circles.get(b)
  }

  /** Whether `required` means something else in this direction, here or in what is reached from here. */
  differs(name: string, direction: Direction): boolean {
    return this.#directed[direction].has(name)
  }

  /** Members that `required` does not ask for in this direction: readOnly in requests, writeOnly in responses. */
  notRequired(
    schema: unknown,
    direction: Direction | 'both',
    seen: ReadonlySet<unknown> = new Set(),
  ): ReadonlySet<string> {
    const names = new Set<string>()
    if (!isObject(schema) || direction === 'both' || seen.has(schema)) return names
    const flag = direction === 'request' ? 'readOnly' : 'writeOnly'
    if (isObject(schema['properties'])) {
      for (const [name, property] of Object.entries(schema['properties'])) {
        if (this.#isFlagged(property, flag)) names.add(name)
      }
    }
    const within = new Set([...seen, schema])
    const parts = Array.isArray(schema['allOf']) ? schema['allOf'] : []
    for (const part of [...parts, ...(schema['$ref'] === undefined ? [] : [this.resolve(schema)])]) {
      for (const name of this.notRequired(this.resolve(part), direction, within)) names.add(name)
    }
    return names
  }

  #isFlagged(schema: unknown, flag: 'readOnly' | 'writeOnly', seen: ReadonlySet<unknown> = new Set()): boolean {
    if (!isObject(schema) || seen.has(schema)) return false
    if (schema[flag] === true) return true
    const within = new Set([...seen, schema])
    const parts = Array.isArray(schema['allOf']) ? schema['allOf'] : []
    const targets = schema['$ref'] === undefined ? parts : [...parts, this.resolve(schema)]
    return targets.some((part) => this.#isFlagged(part, flag, within))
  }

  #survey(name: string): Facts {
    const children = this.#hierarchies.get(name) === undefined ? [] : this.childrenOf(name)
    const facts: Facts = {
      same: children.map((child) => ({ name: child, kind: 'union' })),
      all: new Set(children),
      request: false,
      response: false,
    }
    walk(this.schemas.get(name), (part, role, ancestors) => {
      const target = this.nameOf(part['$ref'])
      if (target !== undefined) {
        facts.all.add(target)
        if (role !== 'inner') facts.same.push({ name: target, kind: role })
      }
      if (!Array.isArray(part['required'])) return
      for (const direction of ['request', 'response'] as const) {
        const dropped = [part, ...ancestors].map((owner) => this.notRequired(owner, direction))
        if (part['required'].some((member) => dropped.some((names) => names.has(member)))) facts[direction] = true
      }
    })
    return facts
  }

  #findChildren(): Map<string, string[]> {
    const children = new Map<string, string[]>()
    for (const [name, schema] of this.schemas) {
      const parts = isObject(schema) && Array.isArray(schema['allOf']) ? (schema['allOf'] as unknown[]) : []
      for (const part of parts) {
        const parent = isObject(part) ? this.nameOf(part['$ref']) : undefined
        if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), name])
      }
    }
    return children
  }

  #reaching(direction: Direction): ReadonlySet<string> {
    const users = new Map<string, string[]>()
    for (const [name, { all }] of this.#facts) {
      for (const target of all) users.set(target, [...(users.get(target) ?? []), name])
    }
    const reached = new Set([...this.#facts].filter(([, facts]) => facts[direction]).map(([name]) => name))
    // A set grows while it is walked: whoever uses a member of it becomes one.
    for (const name of reached) for (const user of users.get(name) ?? []) reached.add(user)
    return reached
  }
}

function decodeFragment(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

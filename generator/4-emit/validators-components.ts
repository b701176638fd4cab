import { isObject, type Json } from '../model/json.ts'
import { pointerTokens } from '../model/place.ts'
import { type Discriminated, hierarchy } from './validators-discriminator.ts'

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
    this.#circles = circlesOf(this.#facts)
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

interface Facts {
  /** Components that judge the very value this one judges. */
  readonly same: { readonly name: string; readonly kind: 'all' | 'union' }[]
  readonly all: Set<string>
  request: boolean
  response: boolean
}

type Role = 'all' | 'union' | 'inner'

const unionLists = ['anyOf', 'oneOf']
const unionSchemas = ['not', 'if', 'then', 'else']
const innerSchemas = [
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
]
const innerMaps = ['properties', 'patternProperties']

/** Visits every subschema, with what it judges and the schemas that judge the same value around it. */
function walk(
  schema: unknown,
  visit: (part: { readonly [key: string]: unknown }, role: Role, ancestors: readonly object[]) => void,
  role: Role = 'all',
  ancestors: readonly object[] = [],
): void {
  if (!isObject(schema)) return
  visit(schema, role, ancestors)
  const around = [schema, ...ancestors]
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
  const values = (value: unknown): unknown[] => (isObject(value) ? Object.values(value) : [])
  const union = role === 'all' ? 'union' : role
  for (const part of list(schema['allOf'])) walk(part, visit, role, around)
  for (const key of unionLists) for (const part of list(schema[key])) walk(part, visit, union, around)
  for (const key of unionSchemas) walk(schema[key], visit, union, around)
  for (const part of values(schema['dependentSchemas'])) walk(part, visit, union, around)
  for (const key of innerSchemas) walk(schema[key], visit, 'inner')
  for (const key of innerMaps) for (const part of values(schema[key])) walk(part, visit, 'inner')
  for (const part of list(schema['prefixItems'])) walk(part, visit, 'inner')
}

/** Components by circle (Tarjan's strongly connected components); those in none are absent. */
function circlesOf(facts: ReadonlyMap<string, Facts>): Map<string, number> {
  const circles = new Map<string, number>()
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const visit = (name: string): void => {
    index.set(name, index.size)
    low.set(name, index.get(name)!)
    stack.push(name)
    const targets = facts.get(name)?.same ?? []
    for (const { name: target } of targets) {
      if (!index.has(target)) visit(target)
      if (stack.includes(target)) low.set(name, Math.min(low.get(name)!, low.get(target)!))
    }
    if (low.get(name) !== index.get(name)) return
    const members = stack.splice(stack.indexOf(name))
    if (members.length > 1 || targets.some((target) => target.name === name)) {
      for (const member of members) circles.set(member, index.get(name)!)
    }
  }
  for (const name of facts.keys()) if (!index.has(name)) visit(name)
  return circles
}

function decodeFragment(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

import { isObject } from '../../model/json.ts'
import { type Place, pointerTokens } from '../../model/place.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { keyPlace } from '../key-place.ts'
import type { OperationEntry, Survey } from '../survey.ts'

/** A part of the document that is needed or not as a whole: an operation, what its path item shares, a component. */
export interface Unit {
  /** What authors call it: `GET /orders`, `#/components/schemas/Order`. */
  readonly name: string
  readonly operation: OperationEntry | undefined
  /** Names of the units it needs. */
  readonly needs: ReadonlySet<string>
}

/** A document in units, and which of them what was written where belongs to. */
export class Units {
  readonly all = new Map<string, Unit>()
  readonly #at = new Map<string, Set<string>>()
  /** The places that matter, and all above them. */
  readonly #asked = new Set<string>()

  /** @param asked the places whose units are wanted */
  constructor(survey: Survey, asked: readonly Place[]) {
    for (const place of asked) for (const key of keysUpFrom(place)) this.#asked.add(key)
    this.#components(survey.tree.root)
    this.#paths(survey)
  }

  /** The units that what is at a place belongs to, or else what it stands in; none where that is the document itself. */
  at(place: Place): ReadonlySet<string> {
    for (const key of keysUpFrom(place)) {
      const found = this.#at.get(key)
      if (found !== undefined) return found
    }
    return new Set()
  }

  /** Operations and path items that need one of these units. */
  needing(names: ReadonlySet<string>): Unit[] {
    const users = new Map<string, string[]>()
    for (const { name, needs } of this.all.values()) {
      for (const need of needs) users.set(need, [...(users.get(need) ?? []), name])
    }
    const reached = new Set(names)
    // A set grows while it is walked.
    for (const name of reached) for (const user of users.get(name) ?? []) reached.add(user)
    return [...reached].flatMap((name) => this.all.get(name) ?? []).filter(({ operation }) => operation !== undefined)
  }

  #components(root: SpecNode): void {
    for (const [section, members] of root.get('components')?.entries() ?? []) {
      // Path items are walked under the paths they are used for.
      if (section.startsWith('x-') || section === 'pathItems') continue
      for (const [name, node] of members.entries()) this.#add(`#/components/${section}/${name}`, node)
    }
  }

  #paths(survey: Survey): void {
    const shared = survey.tree.root.at('security')
    for (const item of survey.pathItems) {
      const { path, holder, node, operations } = item
      if (path === undefined || holder === undefined) continue
      const written = holder.at(path)!
      const own = this.#add(path, node, new Set([...operationKeys, 'additionalOperations']))
      for (const place of [written.place, keyPlace(holder, path)]) this.#note(place, path)
      if (written.reference !== undefined) this.#visit(written, path, own, new Set())
      for (const operation of operations) {
        const name = `${operation.method} ${path}`
        const needs = this.#add(name, operation.node, new Set(), operation)
        needs.add(path)
        if (shared !== undefined && operation.node.at('security') === undefined) this.#security(shared, name, needs)
      }
    }
  }

  #add(
    name: string,
    node: SpecNode,
    without: ReadonlySet<string> = new Set(),
    operation?: OperationEntry,
  ): Set<string> {
    const needs = new Set<string>()
    this.all.set(name, { name, operation, needs })
    this.#visit(node, name, needs, without)
    return needs
  }

  #visit(node: SpecNode, unit: string, needs: Set<string>, without: ReadonlySet<string>): void {
    this.#note(node.place, unit)
    const { reference } = node
    if (reference?.startsWith('#/components/')) needs.add(componentOf(reference))
    if (Array.isArray(node.value)) for (const item of node.items()) this.#visit(item, unit, needs, new Set())
    for (const [key, child] of node.entries()) {
      if (without.has(key) || key.startsWith('x-') || unread.has(key)) continue
      if (key === 'security' && Array.isArray(child.value)) this.#security(child, unit, needs)
      else if (key === 'mapping') {
        for (const [, { string }] of child.entries()) if (string?.startsWith('#/')) needs.add(componentOf(string))
      } else this.#visit(child, unit, needs, new Set())
    }
  }

  #security(list: SpecNode, unit: string, needs: Set<string>): void {
    for (const requirement of list.items()) {
      this.#note(requirement.place, unit)
      for (const name of isObject(requirement.value) ? Object.keys(requirement.value) : []) {
        this.#note(keyPlace(requirement, name), unit)
        needs.add(`#/components/securitySchemes/${name}`)
      }
    }
  }

  #note(place: Place, unit: string): void {
    const key = keyOf(place)
    if (!this.#asked.has(key)) return
    const units = this.#at.get(key) ?? new Set<string>()
    this.#at.set(key, units.add(unit))
  }
}

const operationKeys = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

/** Data, and what nobody compiles. */
const unread = new Set(['example', 'examples', 'default', 'enum', 'const', 'callbacks', 'links'])

function componentOf(reference: string): string {
  return `#/${pointerTokens(reference.slice(1)).slice(0, 3).join('/')}`
}

function keyOf({ file, pointer }: Place): string {
  return `${file}#${pointer}`
}

/** The place itself and all it stands in, the file as a whole excepted where it is the document's own. */
function keysUpFrom(place: Place): string[] {
  const keys: string[] = []
  for (let { pointer } = place; ; pointer = pointer.slice(0, pointer.lastIndexOf('/'))) {
    keys.push(keyOf({ file: place.file, pointer }))
    if (pointer === '') return keys
  }
}

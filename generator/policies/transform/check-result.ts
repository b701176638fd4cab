import type { BodyChanges, MemberChanges } from '../../../runtime/policies/transform/options.ts'
import { isObject } from '../../model/json.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { SchemaView } from '../../xml/schema-view.ts'
import { typesOf } from '../schema-types.ts'

/**
 * Whether what a change of a body makes can meet a schema, as far as that can be seen without a body.
 * @returns what is wrong, in words
 */
export function problemsOfResult(changes: BodyChanges, schema: SpecNode): string[] {
  const problems: string[] = []
  let nodes: readonly SpecNode[] = [schema]
  const path: string[] = []
  for (const name of changes.wrap ?? []) {
    const view = new SchemaView(nodes)
    if (!admits(nodes, 'object')) return [`${placeOf(path)} is no object`]
    for (const required of view.required()) {
      if (required !== name) problems.push(`"${[...path, required].join('/')}" is required, and not there`)
    }
    if (isClosed(view) && !view.properties().has(name)) problems.push(`"${[...path, name].join('/')}" is not declared`)
    nodes = view.properties().get(name) ?? []
    path.push(name)
  }
  if (changes.members !== undefined && nodes.length > 0) checkMembers(changes.members, nodes, path, problems)
  return problems
}

function checkMembers(
  changes: MemberChanges,
  nodes: readonly SpecNode[],
  path: readonly string[],
  problems: string[],
): void {
  const view = new SchemaView(nodes)
  const items = view.all('items')
  if (items.length > 0) {
    checkMembers(changes, items, path, problems)
    return
  }
  const { picks, members = {}, set = {} } = changes
  const declared = view.properties()
  const changeOf = (name: string) => (Object.hasOwn(members, name) ? members[name] : undefined)
  const arriving = new Set(Object.values(members).flatMap(({ as }) => as ?? []))
  const at = (name: string): string => [...path, name].join('/')
  for (const name of view.required()) {
    const change = changeOf(name)
    const isGone = change?.drops === true || change?.as !== undefined || (picks === true && change?.keeps !== true)
    if (isGone && !arriving.has(name) && !Object.hasOwn(set, name))
      problems.push(`"${at(name)}" is required, and taken out`)
  }
  if (isClosed(view)) {
    for (const name of [...arriving, ...Object.keys(set)]) {
      if (!declared.has(name)) problems.push(`"${at(name)}" is not declared`)
    }
  }
  for (const [name, value] of Object.entries(set)) {
    const own = declared.get(name)
    if (own === undefined) continue
    const made = 'json' in value ? JSON.parse(value.json) : value.as === undefined ? '' : undefined
    if (made !== undefined && !mayBe(own, made, 'json' in value)) problems.push(`"${at(name)}" is of another type`)
  }
  for (const [name, { as, inside, drops }] of Object.entries(members)) {
    const own = declared.get(as ?? name)
    if (inside !== undefined && own !== undefined && drops !== true)
      checkMembers(inside, own, [...path, as ?? name], problems)
  }
}

/** Names that a change takes from what it is given, and that a closed schema has not. */
export function unknownTo(changes: BodyChanges, schema: SpecNode): string[] {
  const unknown: string[] = []
  let nodes: readonly SpecNode[] = [schema]
  for (const [index, name] of (changes.unwrap ?? []).entries()) {
    const view = new SchemaView(nodes)
    if (isClosed(view) && !view.properties().has(name)) return [changes.unwrap!.slice(0, index + 1).join('/')]
    nodes = view.properties().get(name) ?? []
  }
  const visit = (inside: MemberChanges, given: readonly SpecNode[], path: readonly string[]): void => {
    const view = new SchemaView(given)
    const items = view.all('items')
    if (items.length > 0) {
      visit(inside, items, path)
      return
    }
    for (const [name, change] of Object.entries(inside.members ?? {})) {
      const own = view.properties().get(name)
      // An object that something is set in is made where there is none.
      const isTaken = change.drops === true || change.as !== undefined || change.inside?.set === undefined
      if (own === undefined && isTaken && isClosed(view)) unknown.push([...path, name].join('/'))
      if (own !== undefined && change.inside !== undefined) visit(change.inside, own, [...path, name])
    }
  }
  if (changes.members !== undefined && nodes.length > 0) visit(changes.members, nodes, [])
  return unknown
}

function isClosed(view: SchemaView): boolean {
  const isOpen =
    view.first('patternProperties') !== undefined ||
    view.first('oneOf') !== undefined ||
    view.first('anyOf') !== undefined
  return !isOpen && view.all('additionalProperties').some(({ value }) => value === false)
}

function admits(nodes: readonly SpecNode[], type: string): boolean {
  return nodes.every((node) => typesOf(node)?.has(type as 'object') ?? true)
}

/** @param exact whether the value itself is known, not its type alone */
function mayBe(nodes: readonly SpecNode[], value: unknown, exact: boolean): boolean {
  const view = new SchemaView(nodes)
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : isObject(value) ? 'object' : typeof value
  const isWhole = type === 'number' && Number.isInteger(value)
  if (!admits(nodes, type) && !(isWhole && admits(nodes, 'integer'))) return false
  const allowed = view.all('enum').map((node) => node.value as unknown[])
  return !exact || allowed.every((values) => values.some((one) => JSON.stringify(one) === JSON.stringify(value)))
}

function placeOf(path: readonly string[]): string {
  return path.length === 0 ? 'the body' : `"${path.join('/')}"`
}

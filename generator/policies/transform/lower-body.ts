import type { BodyChanges, MemberChange, MemberChanges, NewValue } from '../../../runtime/policies/transform/options.ts'
import type { Json } from '../../model/json.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import type { OperationScope } from '../define.ts'
import { typesOf } from '../schema-types.ts'
import type { BodyOptions } from './options.ts'
import type { Texts } from './texts.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Members = Mutable<MemberChanges>
type Member = Mutable<MemberChange>

/** Paths as one tree, so that a body is walked once. */
export function lowerBody(
  options: BodyOptions,
  key: string,
  node: SpecNode | undefined,
  texts: Texts,
  scope: OperationScope,
): BodyChanges {
  const { unwrap, pick, omit = [], rename = {}, set = {}, wrap } = options
  const root: Members = {}
  for (const path of pick ?? []) keep(root, path.split('/'))
  if (pick?.length === 0) root.picks = true
  for (const path of omit) memberAt(root, path.split('/')).drops = true
  for (const [path, to] of Object.entries(rename)) memberAt(root, path.split('/')).as = to
  for (const [path, value] of Object.entries(set)) {
    const names = path.split('/')
    const where = node?.path('set', path)
    const owner = ownerOf(root, names, rename)
    owner.set = { ...owner.set, [names.at(-1)!]: newValue(value as Json, `${key}.set.${path}`, where, texts, scope) }
  }
  return {
    ...(unwrap === undefined ? {} : { unwrap: unwrap.split('/') }),
    ...(Object.keys(root).length === 0 ? {} : { members: root }),
    ...(wrap === undefined ? {} : { wrap: wrap.split('/') }),
  }
}

function keep(members: Members, [name, ...rest]: readonly string[]): void {
  members.picks = true
  const member = own(members, name!)
  const isWhole = member.keeps === true && member.inside === undefined
  member.keeps = true
  if (rest.length === 0) delete member.inside
  // The whole of it is picked already.
  else if (!isWhole) keep(inside(member), rest)
}

function memberAt(members: Members, [name, ...rest]: readonly string[]): Member {
  const member = own(members, name!)
  return rest.length === 0 ? member : memberAt(inside(member), rest)
}

/** The object that a path of `set` ends in: its names are those after renaming. */
function ownerOf(members: Members, names: readonly string[], rename: Readonly<Record<string, string>>): Members {
  let owner = members
  const path: string[] = []
  for (const name of names.slice(0, -1)) {
    const renamed = Object.entries(rename).find(
      ([from, to]) => to === name && from.split('/').slice(0, -1).join('/') === path.join('/'),
    )
    const original = renamed === undefined ? name : renamed[0].split('/').at(-1)!
    path.push(original)
    const member = own(owner, original)
    const isUnpicked = owner.picks === true && member.keeps !== true
    owner = inside(member)
    // What is set stays, whatever is picked: of its object nothing else does.
    if (isUnpicked) Object.assign(member, { keeps: true })
    if (isUnpicked) owner.picks = true
  }
  return owner
}

function own(members: Members, name: string): Member {
  const all = new Map(Object.entries(members.members ?? {}))
  const member = (all.get(name) ?? {}) as Member
  all.set(name, member)
  members.members = Object.fromEntries(all)
  return member
}

function inside(member: Member): Members {
  member.inside ??= {}
  return member.inside as Members
}

function newValue(
  value: Json,
  key: string,
  where: SpecNode | undefined,
  texts: Texts,
  scope: OperationScope,
): NewValue {
  if (typeof value !== 'string' || !/[{}]/.test(value)) return { json: JSON.stringify(value) }
  const text = texts.parts(value, key, where)
  const as = text.length === 1 ? typeOfPart(value.slice(1, -1), scope) : undefined
  return { text, ...(as === undefined ? {} : { as }) }
}

/** What a parameter that stands alone is in JSON, where it is no text. */
export function typeOfPart(expression: string, { contract }: OperationScope): 'number' | 'boolean' | undefined {
  const [, place, name] = /^(path|query)\.(.+)$/.exec(expression) ?? []
  const parameter = contract.parameters.find((one) => one.in === place && one.name === name)
  const types = [...(typesOf(parameter?.schema) ?? [])]
  if (types.length === 0) return undefined
  if (types.every((type) => type === 'integer' || type === 'number')) return 'number'
  return types.every((type) => type === 'boolean') ? 'boolean' : undefined
}

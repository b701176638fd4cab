import { Buffer } from 'node:buffer'
import { flatten, ownKey } from './flat.ts'
import { type Candidate, Kind, Linked, type Match, type Member, Role, Type } from './linked.ts'
import { patternOf } from './pattern-of.ts'
import type { XmlNode, XmlObject, XmlPlace, XmlRoot, XmlScalar, XmlShape, XmlValue } from './shape.ts'
import { Mode } from './text.ts'

type Group = ReadonlyMap<string, XmlShape>

const noGroup: Group = new Map()
const shared = new WeakMap<XmlShape, Linked>()

/** Turns a plan into tables. Shared component schemas are linked once, however many plans use them. */
export function link(value: XmlValue): Linked {
  const linker = new Linker()
  const linked = linker.link(value, noGroup)
  linker.settle()
  return linked
}

/** The value of a whole document, and what its root element must be called. */
export function linkRoot(root: XmlRoot): { readonly value: Linked; readonly match: Match | undefined } {
  return { value: link(root.value), match: root.name === undefined ? undefined : matchOf(root, root.name) }
}

/** One run over a plan. What needs the tables of others waits until all of them are there. */
class Linker {
  readonly #objects: (() => void)[] = []
  readonly #copies: (() => void)[] = []

  link(value: XmlValue, group: Group): Linked {
    if ('shape' in value) return this.#nullableAs(value, this.#shape(value.shape))
    if ('recurse' in value) {
      const shape = group.get(value.recurse)
      if (shape === undefined) throw new Error(`no shape is called ${value.recurse}`)
      return this.#nullableAs(value, this.#shape(shape))
    }
    const linked = new Linked()
    this.#fill(linked, value, group)
    return linked
  }

  settle(): void {
    for (const finish of this.#objects) finish()
    for (const finish of this.#copies) finish()
  }

  #shape(shape: XmlShape): Linked {
    const known = shared.get(shape)
    if (known !== undefined) return known
    const { value } = shape
    // A component that is nothing but another one needs no table of its own, and a circle of them cannot be built.
    if ('shape' in value || 'recurse' in value) return this.link(value, shape.group)
    const linked = new Linked()
    shared.set(shape, linked)
    this.#fill(linked, value, shape.group)
    return linked
  }

  /** The same tables, where null is allowed too: a copy, since the shape itself stays as it is for others. */
  #nullableAs(value: { readonly nullable?: true }, linked: Linked): Linked {
    if (value.nullable !== true || linked.nullable) return linked
    const copy = new Linked()
    const { found } = copy
    // What arrays are matched by is known from the start, even of a recursive shape that is still being filled.
    const { kind, wrapped, itemMatch, itemNames } = linked
    Object.assign(copy, { kind, wrapped, itemMatch, itemNames, nullable: true })
    this.#copies.push(() => Object.assign(copy, linked, { nullable: true, found }))
    return copy
  }

  #fill(linked: Linked, value: Exclude<XmlValue, { shape: XmlShape } | { recurse: string }>, group: Group): void {
    linked.nullable = 'nullable' in value && value.nullable === true
    switch (value.type) {
      case 'object':
        this.#object(linked, value, group)
        return
      case 'array':
        linked.kind = Kind.array
        linked.wrapped = value.wrapped === true
        linked.itemMatch = value.items.name === undefined ? undefined : matchOf(value.items, value.items.name)
        linked.itemNames = (value.items.also ?? []).map((name) => matchOf({}, name))
        linked.items = this.link(value.items, group)
        return
      case 'tuple':
        linked.kind = Kind.tuple
        linked.places = value.places.map((node) => ({
          match: node.name === undefined ? undefined : matchOf(node, node.name),
          isText: node.node === 'text' || node.node === 'cdata',
          value: this.link(node, group),
        }))
        linked.items = value.items === undefined ? undefined : this.link(value.items, group)
        return
      case 'any':
        linked.object = value.object === true
        linked.nullable = true
        return
      case 'oneOf': {
        linked.kind = Kind.choice
        const names = value.of.flatMap(({ called }) => called?.name ?? [])
        if (names.length > 0) linked.called = new Set(names)
        linked.otherwise = value.otherwise === undefined ? undefined : this.link(value.otherwise, group)
        linked.by =
          value.by === undefined || value.otherwise !== undefined ? undefined : matchOf(value.by, value.by.name)
        linked.byAttribute = value.by?.node === 'attribute'
        linked.alternatives = value.of.map(({ is = [], called, value: of }) => ({
          is,
          called: called?.name,
          value: this.link(of, group),
        }))
        return
      }
      default:
        fillScalar(linked, value)
    }
  }

  #object(linked: Linked, value: XmlObject, group: Group): void {
    linked.kind = Kind.object
    const { properties, additional, due, hasFlat } = flatten(value, group)
    const members = properties.map(
      ({ key, node, group, required, within }, index): Member => ({
        index,
        key,
        bytes: Buffer.from(`${JSON.stringify(key)}:`),
        match: matchOf(node, node.name ?? ownKey(key)),
        value: this.link(node, group),
        required,
        within,
      }),
    )
    const of = (kind: XmlPlace['node']): Member[] => members.filter((_, i) => properties[i]!.node.node === kind)
    linked.due = hasFlat ? due : undefined
    linked.members = members
    linked.attributes = of('attribute')
    linked.text = of('text')[0] ?? of('cdata')[0]
    linked.cdata = of('cdata').length > 0
    linked.additional = additional === undefined ? undefined : this.link(additional.value, additional.group)
    linked.additionalPath = additional?.path ?? ''
    linked.patterns = (value.patterns ?? []).map((one) => ({
      pattern: patternOf(one.pattern),
      value: this.link(one.value, group),
    }))
    this.#objects.push(() => {
      const elements = of(undefined)
      linked.arrays = elements.filter((member) => member.value.kind === Kind.array)
      linked.nulls = linked.attributes.filter((member) => member.required && member.value.nullable)
      linked.elements = candidates(elements, (member) => properties[member.index]!.node)
    })
  }
}

function fillScalar(linked: Linked, value: XmlScalar): void {
  linked.kind = Kind.scalar
  const types = typeof value.type === 'string' ? [value.type] : value.type
  for (const type of types) linked.types |= Type[type]
  linked.nullable ||= (linked.types & Type.null) !== 0
  linked.mode = linked.types === Type.string ? Mode.json : Mode.raw
}

/** By local name, those that name a namespace first: they are the more exact ones. */
function candidates(members: readonly Member[], nodeOf: (member: Member) => XmlNode): Map<string, Candidate[]> {
  const first: Candidate[] = []
  const second: Candidate[] = []
  for (const member of members) {
    const { match, value } = member
    const others = (nodeOf(member).also ?? []).map((name) => matchOf({}, name))
    if (value.kind !== Kind.array) {
      first.push({ member, match, role: Role.value })
      for (const other of others) second.push({ member, match: other, role: Role.value })
      continue
    }
    const item = value.itemMatch
    // A namespace that is said of the items alone is meant where they are called as the array is.
    const isItems = item !== undefined && item.local === match.local && match.namespace === undefined
    const own: Candidate = { member, match: isItems ? item : match, role: Role.wrapper }
    // Whether the items are wrapped is decided by the element that is there; what is declared settles only which
    // names have precedence over those of other members.
    if (item === undefined || item.local === match.local) first.push(own)
    else {
      const items: Candidate = { member, match: item, role: Role.item }
      first.push(value.wrapped ? own : items)
      second.push(value.wrapped ? items : own)
    }
    for (const other of others) second.push({ member, match: other, role: Role.wrapper })
    for (const other of value.itemNames) second.push({ member, match: other, role: Role.item })
  }
  const byLocal = new Map<string, Candidate[]>()
  for (const candidate of first) add(byLocal, candidate)
  const taken = new Set(byLocal.keys())
  for (const candidate of second) if (!taken.has(candidate.match.local)) add(byLocal, candidate)
  for (const [local, list] of byLocal) byLocal.set(local, withoutAmbiguous(list))
  for (const list of byLocal.values()) list.sort((a, b) => exactness(b) - exactness(a))
  return byLocal
}

/** Items of one name that belong to several arrays cannot be told apart where they stand without a wrapper. */
function withoutAmbiguous(list: readonly Candidate[]): Candidate[] {
  const sameName = (one: Candidate) => (other: Candidate) =>
    other.member !== one.member && other.match.namespace === one.match.namespace
  return list.filter((one) => one.role !== Role.item || !list.some(sameName(one)))
}

function add(byLocal: Map<string, Candidate[]>, candidate: Candidate): void {
  const list = byLocal.get(candidate.match.local)
  if (list === undefined) byLocal.set(candidate.match.local, [candidate])
  else list.push(candidate)
}

function exactness({ match }: Candidate): number {
  return match.namespace !== undefined ? 2 : match.prefix !== '' ? 1 : 0
}

function matchOf(place: XmlPlace, name: string): Match {
  const colon = name.indexOf(':')
  if (place.namespace !== undefined || colon < 0) {
    return { local: colon < 0 ? name : name.slice(colon + 1), prefix: '', namespace: place.namespace }
  }
  return { local: name.slice(colon + 1), prefix: name.slice(0, colon), namespace: undefined }
}

import { patternOf } from '../pattern-of.ts'
import type { XmlNode, XmlObject, XmlPlace, XmlRoot, XmlShape, XmlValue } from '../shape.ts'
import { Prefixes } from './prefixes.ts'
import { Kind, Written, type WrittenMember, type WrittenName, type WrittenPlace } from './written.ts'

type Group = ReadonlyMap<string, XmlShape>

/** A plan ready to write by. */
export interface WrittenRoot {
  readonly name: WrittenName
  /** Whether what alternatives are called goes before that. */
  readonly isOpen: boolean
  readonly value: Written
  readonly prefixes: Prefixes
}

/** Settles the names of a plan: prefixes belong to the whole document, so shared component schemas are linked per root. */
export function linkWritten(root: XmlRoot, namespaces: Readonly<Record<string, string>> = {}): WrittenRoot {
  const main = root.prefix === undefined ? (root.namespace ?? '') : ''
  const prefixes = new Prefixes(namespaces, main)
  suggestPrefixes(root, prefixes)
  const linker = new Linker(prefixes)
  const name = linker.name(root, root.name ?? 'root')
  return { name, isOpen: root.isOpen === true, value: linker.link(root.value, new Map()), prefixes }
}

/** Prefixes that schemas give, in the order they are met. */
function suggestPrefixes(root: unknown, prefixes: Prefixes): void {
  const seen = new Set<unknown>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    const { prefix, namespace } = value as XmlPlace
    if (typeof prefix === 'string' && typeof namespace === 'string') prefixes.suggest(prefix, namespace)
    const members = value instanceof Map ? value.values() : Object.values(value)
    for (const member of members) visit(member)
  }
  visit(root)
}

class Linker {
  readonly #prefixes: Prefixes
  readonly #shapes = new Map<XmlShape, Written>()

  constructor(prefixes: Prefixes) {
    this.#prefixes = prefixes
  }

  name(place: XmlPlace, name: string): WrittenName {
    const { namespace, prefix } = place
    if (namespace !== undefined) {
      const own =
        place.node === 'attribute' ? this.#prefixes.forAttribute(namespace) : this.#prefixes.forElement(namespace)
      return { local: localOf(name), prefix: own, inner: prefix === undefined ? own : undefined }
    }
    const colon = name.indexOf(':')
    if (colon < 0) return { local: name, prefix: place.node === 'attribute' ? '' : undefined, inner: undefined }
    return { local: name.slice(colon + 1), prefix: name.slice(0, colon), inner: undefined }
  }

  link(value: XmlValue, group: Group): Written {
    if ('shape' in value) return this.#shape(value.shape)
    if ('recurse' in value) return this.#shape(group.get(value.recurse)!)
    const written = new Written()
    this.#fill(written, value, group)
    return written
  }

  #shape(shape: XmlShape): Written {
    const known = this.#shapes.get(shape)
    if (known !== undefined) return known
    const { value } = shape
    if ('shape' in value || 'recurse' in value) return this.link(value, shape.group)
    const written = new Written()
    this.#shapes.set(shape, written)
    this.#fill(written, value, shape.group)
    return written
  }

  #fill(written: Written, value: Exclude<XmlValue, { shape: XmlShape } | { recurse: string }>, group: Group): void {
    switch (value.type) {
      case 'object':
        this.#object(written, value, group)
        return
      case 'array':
        written.kind = Kind.array
        written.wrapped = value.wrapped === true
        written.items = this.#place(value.items, group)
        return
      case 'tuple':
        written.kind = Kind.tuple
        written.places = value.places.map((node) => this.#place(node, group))
        written.items = value.items === undefined ? undefined : this.#place(value.items, group)
        return
      case 'any':
        return
      case 'oneOf':
        written.kind = Kind.choice
        written.by = value.by === undefined ? undefined : (value.by.key ?? value.by.name)
        written.alternatives = value.of.map(({ is = [], called, value: of }) => ({
          is,
          called: called === undefined ? undefined : this.name(called, called.name),
          value: this.link(of, group),
        }))
        return
      default: {
        const types = typeof value.type === 'string' ? [value.type] : value.type
        written.kind = Kind.scalar
        written.isInteger = types.every((type) => type === 'integer' || type === 'int64')
      }
    }
  }

  #place(node: XmlNode, group: Group): WrittenPlace {
    const name = node.name ?? node.also?.[0]
    return {
      name: name === undefined ? undefined : this.name(node, name),
      isNamed: node.name !== undefined,
      isText: node.node === 'text' || node.node === 'cdata',
      value: this.link(node, group),
    }
  }

  #object(written: Written, value: XmlObject, group: Group): void {
    const members = Object.entries(value.properties).map(
      ([key, node]): WrittenMember => ({
        key,
        node: node.node ?? 'element',
        name: this.name(node, node.name ?? key),
        value: this.link(node, group),
      }),
    )
    const isAttribute = ({ node }: WrittenMember): boolean => node === 'attribute'
    written.kind = Kind.object
    written.members = [...members.filter(isAttribute), ...members.filter((member) => !isAttribute(member))]
    written.keys = new Map(written.members.map(({ key }, index) => [key, index]))
    written.required = value.required ?? []
    written.additional = value.additional === undefined ? undefined : this.link(value.additional, group)
    written.patterns = (value.patterns ?? []).map((one) => ({
      pattern: patternOf(one.pattern),
      value: this.link(one.value, group),
    }))
  }
}

function localOf(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

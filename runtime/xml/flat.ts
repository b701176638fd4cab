import { TooLarge } from './malformed.ts'
import type { Output } from './output.ts'
import type { XmlNode, XmlObject, XmlShape, XmlTuple, XmlValue } from './shape.ts'

/**
 * Properties without an element of their own (OpenAPI 3.2 §4.26.1, `nodeType: none`): what they hold stands in the element
 * outside. It is read as members of the outer object whose keys are paths, and put where it belongs when the object is whole.
 */

type Group = ReadonlyMap<string, XmlShape>

/** Between the keys of a path: of a member of an object, of an item of an array. No name of XML has either. */
const inObject = '\u0000'
const inArray = '\u0001'

export interface FlatProperty {
  /** A path where the property stands in one without an element. */
  readonly key: string
  readonly node: XmlNode
  readonly group: Group
  readonly required: boolean
  /** The path of what need not be there around it: without that, its own being required means nothing. */
  readonly within: string | undefined
}

export interface FlatObject {
  readonly properties: readonly FlatProperty[]
  /** Of the object or of one in it: what unknown elements become, and the path they go to. */
  readonly additional: { readonly value: XmlValue; readonly group: Group; readonly path: string } | undefined
  /** Paths of objects that must be there, even if nothing of them is. */
  readonly due: readonly string[]
  readonly hasFlat: boolean
}

/** The properties of an object, with those of properties that have no element among them. */
export function flatten(object: XmlObject, group: Group): FlatObject {
  const properties: FlatProperty[] = []
  const due: string[] = []
  let additional: FlatObject['additional']
  let hasFlat = false
  const collect = (value: XmlObject, group: Group, path: string, within: string | undefined): void => {
    const required = new Set(value.required)
    if (value.additional !== undefined) additional = { value: value.additional, group, path }
    for (const [key, node] of Object.entries(value.properties)) {
      const isRequired = required.has(key)
      if (node.node !== 'none') {
        properties.push({ key: path + key, node, group, required: isRequired, within })
        continue
      }
      hasFlat = true
      const inner = opened(node, group)
      if (inner.value.type === 'tuple') {
        inner.value.places.forEach((place, i) => {
          const node = place.name === undefined ? { ...place, name: key } : place
          properties.push({ key: `${path}${key}${inArray}${i}`, node, group: inner.group, required: false, within })
        })
        continue
      }
      if (isRequired && within === undefined) due.push(path + key)
      const own = `${path}${key}${inObject}`
      collect(inner.value, inner.group, own, isRequired ? within : own)
    }
  }
  collect(object, group, '', undefined)
  return { properties, additional, due, hasFlat }
}

/** What the node is, references followed. The compiler admits nothing but objects and tuples that do not hold themselves. */
function opened(value: XmlValue, group: Group): { readonly value: XmlObject | XmlTuple; readonly group: Group } {
  if ('shape' in value) return opened(value.shape.value, value.shape.group)
  if ('recurse' in value) return opened(group.get(value.recurse)!.value, group.get(value.recurse)!.group)
  if (value.type !== 'object' && value.type !== 'tuple') throw new Error('only objects can be without an element')
  return { value, group }
}

/** The last key of a path: what the document calls the member. */
export function ownKey(path: string): string {
  return path.slice(Math.max(path.lastIndexOf(inObject), path.lastIndexOf(inArray)) + 1)
}

/** A path as the end of a JSON pointer (RFC 6901). */
export function pointerOfPath(path: string): string {
  const escaped = path.replaceAll('~', '~0').replaceAll('/', '~1')
  return escaped.replaceAll(inObject, '/').replaceAll(inArray, '/')
}

/** Moving members costs less than reading them; objects within objects are moved again and again. */
const moveLimit = 512 * 1024 * 1024

/**
 * Puts the members of the object that has been written from `begin` on where their paths say.
 * @param moved bytes that have been moved for this document
 * @returns the same with these
 * @throws TooLarge
 */
export function putInPlace(out: Output, begin: number, due: readonly string[], moved: number): number {
  const total = moved + out.at - begin
  if (total > moveLimit) throw new TooLarge('too much stands in other elements than it belongs to')
  const text = out.cut(begin)
  out.latin1(written(members(text), due))
  return total
}

interface Member {
  /** Decoded, with its bytes as characters. */
  readonly key: string
  readonly value: string
}

function written(all: readonly Member[], due: readonly string[]): string {
  const groups = new Map<string, Member[] | Member>()
  const arrays = new Set<string>()
  for (const member of all) {
    const end = member.key.search(separator)
    const key = end < 0 ? member.key : member.key.slice(0, end)
    if (end < 0) {
      groups.set(key, member)
      continue
    }
    if (member.key[end] === inArray) arrays.add(key)
    const group = groups.get(key)
    const inner = { key: member.key.slice(end + 1), value: member.value }
    if (Array.isArray(group)) group.push(inner)
    else groups.set(key, [inner])
  }
  for (const path of due) {
    const key = path.split(inObject, 1)[0]!
    if (!groups.has(key)) groups.set(key, [])
  }
  const parts = [...groups].map(([key, group]) => {
    const name = JSON.stringify(key)
    if (!Array.isArray(group)) return `${name}:${group.value}`
    if (arrays.has(key)) return `${name}:${items(group)}`
    const inside = due.filter((path) => path.startsWith(key + inObject)).map((path) => path.slice(key.length + 1))
    return `${name}:${written(group, inside)}`
  })
  return `{${parts.join(',')}}`
}

const separator = /[\u0000\u0001]/

/** Items by their numbers; one that is missing ends the array, as nothing says what stands in its place. */
function items(group: readonly Member[]): string {
  const byPlace = new Map(group.map(({ key, value }) => [key, value]))
  const found: string[] = []
  for (let value = byPlace.get('0'); value !== undefined; value = byPlace.get(String(found.length))) found.push(value)
  return `[${found.join(',')}]`
}

/** The members of an object in JSON without white space. */
function members(text: string): Member[] {
  const found: Member[] = []
  let at = 1
  while (at < text.length - 1) {
    const colon = endOfString(text, at)
    const end = endOfValue(text, colon + 1)
    found.push({ key: JSON.parse(text.slice(at, colon)) as string, value: text.slice(colon + 1, end) })
    at = end + 1
  }
  return found
}

/** @param at its quote @returns the index behind its other quote */
function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end + 1
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}

/** @returns the index of the comma or brace behind it */
function endOfValue(text: string, from: number): number {
  let depth = 0
  for (let at = from; ; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at) - 1
    else if (character === '{' || character === '[') depth++
    else if (depth === 0 && (character === ',' || character === '}')) return at
    else if (character === '}' || character === ']') depth--
  }
}

import type { Scalar } from './scalars.ts'

/** What the schema of a parameter or a form field says about types, as far as reading it needs to know. */
export type Decode = Scalar | ListShape | ObjectShape | UnionShape

export interface ListShape {
  readonly items: Decode
}

export interface ObjectShape {
  readonly properties: Readonly<Record<string, Decode>>
  /** What undeclared members are; absent: text. */
  readonly others?: Decode
}

/** Tried in order, the most specific first. */
export interface UnionShape {
  readonly anyOf: readonly Decode[]
}

/** A text that is not of the form its parameter has. */
export class Unreadable {
  readonly keyword: string
  readonly detail: string

  constructor(keyword: string, detail: string) {
    this.keyword = keyword
    this.detail = detail
  }
}

export const badEncoding = new Unreadable('style', 'has invalid percent-encoding')

export function isScalar(decode: Decode): decode is Scalar {
  return 'read' in decode
}

export function isList(decode: Decode): decode is ListShape {
  return 'items' in decode
}

export function isObjectShape(decode: Decode): decode is ObjectShape {
  return 'properties' in decode
}

export function isUnion(decode: Decode): decode is UnionShape {
  return 'anyOf' in decode
}

/** The scalars among what a value may be; text where there are none, since structures do not nest in a text. */
export function scalarsOf(decode: Decode): readonly Scalar[] {
  if (isScalar(decode)) return [decode]
  const found = isUnion(decode) ? decode.anyOf.flatMap((one) => (isScalar(one) ? [one] : [])) : []
  return found.length > 0 ? found : [{ expects: 'a string', read: (text) => text }]
}

/** Reads one decoded text as the first type it is one of. */
export function readScalar(scalars: readonly Scalar[], text: string): unknown {
  for (const scalar of scalars) {
    const value = scalar.read(text)
    if (value !== undefined) return value
  }
  return new Unreadable('type', `must be ${scalars.map(({ expects }) => expects).join(' or ')}`)
}

export type Unencode = (text: string) => string | undefined

/** Reads the raw texts of a list's items. */
export function readList(raws: readonly string[], items: readonly Scalar[], unencode: Unencode): unknown {
  const values: unknown[] = []
  for (const raw of raws) {
    const text = unencode(raw)
    const value = text === undefined ? badEncoding : readScalar(items, text)
    if (value instanceof Unreadable) return new Unreadable(value.keyword, `item ${values.length}: ${value.detail}`)
    values.push(value)
  }
  return values
}

/** Reads raw names and values in turn: `[name, value, name, value, …]`. */
export function readMembers(raws: readonly string[], shape: ObjectShape, unencode: Unencode): unknown {
  const value: Record<string, unknown> = {}
  for (let i = 0; i < raws.length; i += 2) {
    const name = unencode(raws[i]!)
    const text = unencode(raws[i + 1]!)
    if (name === undefined || text === undefined) return badEncoding
    if (Object.hasOwn(value, name)) return new Unreadable('style', 'must not give a member twice')
    const member = readScalar(scalarsOf(memberShape(shape, name)), text)
    if (member instanceof Unreadable) return inMember(shape, name, member)
    setMember(value, name, member)
  }
  return value
}

const text: Scalar = { expects: 'a string', read: (value) => value }

export function memberShape(shape: ObjectShape, name: string): Decode {
  return Object.hasOwn(shape.properties, name) ? shape.properties[name]! : (shape.others ?? text)
}

/** Names the member only where the contract does: other names are the caller's own words. */
export function inMember(shape: ObjectShape, name: string, { keyword, detail }: Unreadable): Unreadable {
  return new Unreadable(keyword, Object.hasOwn(shape.properties, name) ? `${name}: ${detail}` : `a member: ${detail}`)
}

/** `__proto__` becomes a member like any other. */
export function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  else object[name] = value
}

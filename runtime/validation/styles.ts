import {
  badEncoding,
  type Decode,
  isList,
  isScalar,
  isUnion,
  type ListShape,
  type ObjectShape,
  readList,
  readMembers,
  readScalar,
  scalarsOf,
  type Unencode,
  Unreadable,
} from './decode.ts'

export type Style =
  | 'matrix'
  | 'label'
  | 'simple'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject'
  | 'cookie'

/** Reads the raw text of a value that stands in one piece. */
export type TextReader = (raw: string) => unknown

/** How a value is written (OpenAPI 3.1 §4.8.12.3 "Style Values", RFC 6570). */
export interface Serialisation {
  readonly name: string
  readonly style: Style
  readonly explode: boolean
  readonly unencode: Unencode
}

/** The ways to read a value that is written in one piece, most specific type first. */
export function textReaders(decode: Decode, serialisation: Serialisation): TextReader[] {
  if (isUnion(decode)) return decode.anyOf.flatMap((one) => textReaders(one, serialisation))
  if (isScalar(decode)) return [scalarReader(decode, serialisation)]
  return [isList(decode) ? listReader(decode, serialisation) : objectReader(decode, serialisation)]
}

const malformed = new Unreadable('style', 'is not written in the declared style')

function scalarReader(decode: Decode, { name, style, unencode }: Serialisation): TextReader {
  const scalars = scalarsOf(decode)
  const prefix = prefixOf(style, name)
  return (raw) => {
    if (prefix !== '' && !raw.startsWith(prefix)) return malformed
    const text = unencode(prefix === '' ? raw : raw.slice(prefix.length))
    return text === undefined ? badEncoding : readScalar(scalars, text)
  }
}

/** What stands before the value: `.` of label, `;name=` of matrix. */
function prefixOf(style: Style, name: string): string {
  return style === 'label' ? '.' : style === 'matrix' ? `;${name}=` : ''
}

function listReader({ items }: ListShape, serialisation: Serialisation): TextReader {
  const { name, style, explode, unencode } = serialisation
  const scalars = scalarsOf(items)
  const prefix = prefixOf(style, name)
  const plain = scalars.every((scalar) => scalar.plain)
  const split = splitter(style, explode, plain, prefix)
  return (raw) => (raw.startsWith(prefix) ? readList(split(raw.slice(prefix.length)), scalars, unencode) : malformed)
}

function objectReader(shape: ObjectShape, { name, style, explode, unencode }: Serialisation): TextReader {
  const prefix = explode ? (style === 'label' ? '.' : style === 'matrix' ? ';' : '') : prefixOf(style, name)
  const split = splitter(style, explode, false, explode && style === 'matrix' ? ';' : prefix)
  return (raw) => {
    if (!raw.startsWith(prefix)) return malformed
    const parts = split(raw.slice(prefix.length))
    if (!explode) return parts.length % 2 === 0 ? readMembers(parts, shape, unencode) : malformed
    const members: string[] = []
    for (const part of parts) {
      const equals = part.indexOf('=')
      if (equals === -1) return malformed
      members.push(part.slice(0, equals), part.slice(equals + 1))
    }
    return readMembers(members, shape, unencode)
  }
}

/** Delimiters are found before anything is decoded: an encoded one is part of a value. */
function splitter(style: Style, explode: boolean, plain: boolean, prefix: string): (text: string) => string[] {
  switch (style) {
    case 'label':
      return explode ? (text) => text.split('.') : commas(plain)
    case 'matrix':
      return explode ? (text) => text.split(prefix) : commas(plain)
    case 'spaceDelimited':
      return (text) => text.split(/%20|\+| /)
    case 'pipeDelimited':
      return (text) => text.split(/\||%7C/i)
    default:
      return commas(plain)
  }
}

/** Many clients encode the commas of a list as well. Where no item can hold a comma there is only one way to read that. */
function commas(plain: boolean): (text: string) => string[] {
  return plain ? (text) => text.split(text.includes('%') ? /,|%2C/i : ',') : (text) => text.split(',')
}

import { isMembers, Unreadable } from './source-document.ts'

/** How a parameter or a field of a form is written (OpenAPI 3.1 §4.8.12, RFC 6570). */
export interface Writing {
  readonly name: string
  readonly style: string
  readonly explode: boolean
}

type Encode = (text: string) => string

/** Percent-encodes all that RFC 3986 does not call unreserved. */
export const encode: Encode = (text) => {
  try {
    return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  } catch {
    throw new Unreadable('half a character')
  }
}

export const asIs: Encode = (text) => text

/** `simple`, `label` and `matrix`: one text for a path or a header. @throws Unreadable */
export function writeText({ name, style, explode }: Writing, value: unknown, encode: Encode): string {
  const prefix = style === 'label' ? '.' : style === 'matrix' ? ';' : ''
  const separator = !explode || prefix === '' ? ',' : prefix
  const named = style === 'matrix' ? `${encode(name)}=` : ''
  if (Array.isArray(value)) {
    const items = value.map((item) => encode(scalar(item)))
    if (items.length === 0) throw new Unreadable('an empty list cannot be written')
    return (
      prefix +
      (explode && named !== '' ? items.map((item) => named + item) : [named + items.join(separator)]).join(separator)
    )
  }
  if (isMembers(value)) {
    const members = Object.entries(value).map(([key, member]) => [encode(key), encode(scalar(member))])
    if (members.length === 0) throw new Unreadable('an empty object cannot be written')
    if (explode) return prefix + members.map(([key, member]) => `${key}=${member}`).join(separator)
    return prefix + named + members.flat().join(',')
  }
  return prefix + named + encode(scalar(value))
}

/** `form`, `spaceDelimited`, `pipeDelimited`, `deepObject`: pairs of a query, a form or a cookie. @throws Unreadable */
export function writePairs({ name, style, explode }: Writing, value: unknown, encode: Encode): string[] {
  const key = encode(name)
  if (style === 'deepObject') return deepPairs(key, value, encode)
  if (Array.isArray(value)) {
    const items = value.map((item) => encode(scalar(item)))
    if (items.length === 0) throw new Unreadable('an empty list cannot be written')
    if (explode) return items.map((item) => `${key}=${item}`)
    const delimiter = style === 'spaceDelimited' ? '%20' : style === 'pipeDelimited' ? '|' : ','
    if (style === 'tabDelimited' && items.length > 1) throw new Unreadable('tabs are not written')
    return [`${key}=${items.join(delimiter)}`]
  }
  if (isMembers(value)) {
    const members = Object.entries(value).map(([member, inner]) => [encode(member), encode(scalar(inner))])
    if (members.length === 0) throw new Unreadable('an empty object cannot be written')
    return explode ? members.map(([member, text]) => `${member}=${text}`) : [`${key}=${members.flat().join(',')}`]
  }
  return [`${key}=${encode(scalar(value))}`]
}

function deepPairs(path: string, value: unknown, encode: Encode): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) throw new Unreadable('an empty list cannot be written')
    return value.flatMap((item, index) => deepPairs(`${path}[${index}]`, item, encode))
  }
  if (isMembers(value)) {
    const members = Object.entries(value)
    if (members.length === 0) throw new Unreadable('an empty object cannot be written')
    return members.flatMap(([key, member]) => deepPairs(`${path}[${encode(key)}]`, member, encode))
  }
  return [`${path}=${encode(scalar(value))}`]
}

function scalar(value: unknown): string {
  if (typeof value === 'object' || value === undefined) throw new Unreadable('structures do not nest in a text')
  return String(value)
}

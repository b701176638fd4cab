/** RFC 9562: 8-4-4-4-12 hexadecimal digits, in either case. */
export function uuid(text: string): boolean {
  if (text.length !== 36) return false
  for (let i = 0; i < 36; i++) {
    const code = text.charCodeAt(i)
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (code !== 0x2d) return false
    } else if (!isHexDigit(code)) return false
  }
  return true
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66)
}

/** Base64 (RFC 4648 §4), padded. */
export function byte(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}

/** Base64 for URLs and file names (RFC 4648 §5), padding optional. */
export function base64url(text: string): boolean {
  return /^[A-Za-z0-9_-]*={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1
}

/** A single character. */
export function char(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff)
}

/** A decimal number of any precision, written as text. */
export function decimal(text: string): boolean {
  return text.length <= 1000 && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)
}

/** An expression as ECMA-262 has it. */
export function regex(text: string): boolean {
  try {
    // An engine writes each property out as hundreds of ranges; a class of digits stands where one may stand.
    const plain = text.replace(/\\(?:[pP]\{([^{}]*)\}|[\s\S])/g, (escaped, property?: string) =>
      property !== undefined && isProperty(property) ? '\\d' : escaped,
    )
    new RegExp(plain, 'u')
    return true
  } catch {
    return false
  }
}

/** Those that there are: a few hundred at most. */
const properties = new Set<string>()

/** @throws SyntaxError */
function isProperty(name: string): boolean {
  if (properties.has(name)) return true
  new RegExp(`\\p{${name}}`, 'u')
  properties.add(name)
  return true
}

/** RFC 6901. */
export function jsonPointer(text: string): boolean {
  return text === '' || (text.startsWith('/') && !/~(?![01])/.test(text))
}

export function relativeJsonPointer(text: string): boolean {
  const [prefix] = /^(0|[1-9]\d*)/.exec(text) ?? []
  if (prefix === undefined) return false
  const rest = text.slice(prefix.length)
  return rest === '#' || jsonPointer(rest)
}

/** `type/subtype`, either of them `*`, with parameters (RFC 9110 §12.5.1). */
export function mediaRange(text: string): boolean {
  return /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+[ \t]*(;|$)/.test(text)
}

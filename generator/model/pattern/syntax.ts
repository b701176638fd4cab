import { escapeClasses, lineEnds, propertyRanges, type Ranges, without } from './ranges.ts'

/** A pattern, read (ECMA-262 §22.2.1). */
export type Syntax =
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'repeat'; readonly body: Syntax; readonly least: number; readonly most: number }
  | { readonly kind: 'assert'; readonly is: '^' | '$' | 'b' | 'B' }
  /** What no automaton has. A back-reference by name, or to a group that is not there, has no body. */
  | { readonly kind: 'ahead' | 'behind' | 'back'; readonly body: Syntax | undefined }

export interface ReadPattern {
  readonly syntax: Syntax
  /** Whether it has look-around, back-references, or what is not read exactly: then no automaton says what it says. */
  readonly irregular: boolean
}

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 }

/** Reads a pattern that RegExp takes, with the flag `u` or without any. */
export function readPattern(pattern: string, flags: 'u' | ''): ReadPattern {
  const reader = new Reader(pattern, flags === 'u')
  const syntax = reader.alternatives()
  return { syntax, irregular: reader.irregular }
}

class Reader {
  irregular = false
  readonly #text: string
  readonly #unicode: boolean
  readonly #last: number
  readonly #groups: Syntax[] = []
  #count = 0
  #at = 0

  constructor(text: string, unicode: boolean) {
    this.#text = text
    this.#unicode = unicode
    this.#last = unicode ? 0x10ffff : 0xffff
  }

  alternatives(): Syntax {
    const parts = [this.#sequence()]
    while (this.#text[this.#at] === '|') {
      this.#at++
      parts.push(this.#sequence())
    }
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts }
  }

  #sequence(): Syntax {
    const parts: Syntax[] = []
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at]!)) parts.push(this.#term())
    return { kind: 'sequence', parts }
  }

  #term(): Syntax {
    const body = this.#atom()
    const [whole, , low = '', comma, high] =
      /^(\*|\+|\?|\{(\d+)(,(\d*))?\})\??/.exec(this.#text.slice(this.#at, this.#at + 40)) ?? []
    if (whole === undefined) return body
    this.#at += whole.length
    const least = whole[0] === '+' ? 1 : whole[0] === '{' ? Number(low) : 0
    const isOpen = whole[0] === '*' || whole[0] === '+' || (comma !== undefined && high === '')
    const most = whole[0] === '?' ? 1 : isOpen ? Number.POSITIVE_INFINITY : Number(high ?? low)
    return { kind: 'repeat', body, least, most }
  }

  #atom(): Syntax {
    const char = this.#text[this.#at]!
    if (char === '(') return this.#group()
    if (char === '^' || char === '$') {
      this.#at++
      return { kind: 'assert', is: char }
    }
    if (char === '[') return { kind: 'set', ranges: this.#set() }
    if (char === '.') {
      this.#at++
      return { kind: 'set', ranges: without(lineEnds, this.#last) }
    }
    if (char === '\\') {
      const next = this.#text[this.#at + 1]!
      if (next === 'b' || next === 'B') {
        this.#at += 2
        return { kind: 'assert', is: next }
      }
      if (/[1-9k]/.test(next)) {
        this.irregular = true
        const [whole, number] = /^\\(?:k<[^>]*>|(\d+)|k)/.exec(this.#text.slice(this.#at))!
        this.#at += whole.length
        return { kind: 'back', body: this.#groups[Number(number) - 1] }
      }
    }
    return { kind: 'set', ranges: this.#char() }
  }

  #group(): Syntax {
    const head = /^\((\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:))?/.exec(this.#text.slice(this.#at))![0]
    this.#at += head.length
    const index = head === '(' || /<[^=!]/.test(head) ? this.#count++ : undefined
    const body = this.alternatives()
    this.#at++
    if (index !== undefined) this.#groups[index] = body
    // `(?i:…)`: letters mean more than they say.
    if (/^\(\?[a-z-]+:/.test(head)) this.irregular = true
    if (!/[=!]$/.test(head)) return body
    this.irregular = true
    return { kind: head.includes('<') ? 'behind' : 'ahead', body }
  }

  #set(): Ranges {
    this.#at++
    const negated = this.#text[this.#at] === '^'
    if (negated) this.#at++
    const ranges: (readonly [number, number])[] = []
    while (this.#at < this.#text.length && this.#text[this.#at] !== ']') {
      const from = this.#char(true)
      const isRange = this.#text[this.#at] === '-' && !(this.#text[this.#at + 1] ?? ']').startsWith(']')
      if (!isRange) {
        ranges.push(...from)
        continue
      }
      this.#at++
      const to = this.#char(true)
      if (isOne(from) && isOne(to)) ranges.push([from[0]![0], to[0]![1]])
      // Annex B: with a class at one end the hyphen is a hyphen.
      else ranges.push(...from, [0x2d, 0x2d], ...to)
    }
    this.#at++
    return negated ? without(ranges, this.#last) : ranges
  }

  /** One character or class, escaped or not. */
  #char(inSet = false): Ranges {
    const text = this.#text
    if (text[this.#at] !== '\\') {
      const code = this.#unicode ? text.codePointAt(this.#at)! : text.charCodeAt(this.#at)
      this.#at += code > 0xffff ? 2 : 1
      return point(code)
    }
    const escaped = this.#unicode
      ? /^\\(?:u\{([0-9A-Fa-f]+)\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[\s\S])/u
      : /^\\(?:u()[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|[\s\S])/
    const [whole, hex] = escaped.exec(text.slice(this.#at, this.#at + 60)) ?? ['\\']
    this.#at += whole.length
    const kind = whole[1] ?? ''
    if ((kind === 'p' || kind === 'P') && whole.length > 2) return propertyRanges(whole)
    if (hex !== undefined && hex !== '') return point(Number.parseInt(hex, 16))
    if (whole.length === 12) return point(JSON.parse(`"${whole}"`).codePointAt(0))
    if (whole.length > 2 && (kind === 'u' || kind === 'x')) return point(Number.parseInt(whole.slice(2), 16))
    if (kind === 'c' && whole.length === 3) return point(whole.charCodeAt(2) % 32)
    if (inSet && kind === 'b') return point(8)
    if (Object.hasOwn(escapeClasses, kind)) return escapeClasses[kind]!
    if (kind !== '' && 'DWS'.includes(kind)) return without(escapeClasses[kind.toLowerCase()]!, this.#last)
    if (Object.hasOwn(controls, kind)) return point(controls[kind]!)
    // Annex B: octal escapes, `\c` alone, `\B` in a class.
    if (/[0-9cB]/.test(kind) && !(kind === '0' && !/[0-9]/.test(text[this.#at] ?? ''))) this.irregular = true
    return point(kind === '0' ? 0 : (kind.codePointAt(0) ?? 0x5c))
  }
}

function isOne(ranges: Ranges): boolean {
  return ranges.length === 1 && ranges[0]![0] === ranges[0]![1]
}

function point(code: number): Ranges {
  return [[code, code]]
}

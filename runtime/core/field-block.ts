import type { Fields } from './headers.ts'

/** RFC 9110 §5.6.2 and §5.5: what may stand in a name and in a value. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const notInValues = /[^\t\x20-\x7e\x80-\xff]/

/** Fields as they stand on the wire, for {@link import('./answer.ts').Answer.block}. */
export interface FieldBlock {
  /** What the text was made of. */
  readonly fields: Fields
  /** Lines with their ends; undefined where the fields say something that the server itself must settle. */
  readonly text: string | undefined
}

export function fieldBlock(fields: Fields): FieldBlock {
  return { fields, text: fieldText(fields) }
}

/**
 * End-to-end fields as lines, without `Content-Length`; undefined where one of them frames the message or is none (then the
 * server's own way finds out).
 */
export function fieldText(fields: Fields): string | undefined {
  let text = ''
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!
    const value = fields[i + 1]!
    if (speaksOfFraming(name)) {
      if (name.length === 14) continue
      return undefined
    }
    if (!token.test(name) || notInValues.test(value)) return undefined
    text += `${name}: ${value}\r\n`
  }
  return text
}

function speaksOfFraming(name: string): boolean {
  switch (name.length) {
    case 6:
      return name.toLowerCase() === 'expect'
    case 7:
      return name.toLowerCase() === 'trailer'
    case 10: {
      const lower = name.toLowerCase()
      return lower === 'connection' || lower === 'keep-alive'
    }
    case 14:
      return name.toLowerCase() === 'content-length'
    case 17:
      return name.toLowerCase() === 'transfer-encoding'
    default:
      return false
  }
}

/** Whether a block still says what these fields say. */
export function isBlockOf({ fields: made }: FieldBlock, fields: Fields): boolean {
  if (made.length !== fields.length) return false
  for (let i = 0; i < made.length; i++) if (made[i] !== fields[i]) return false
  return true
}

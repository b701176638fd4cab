import { parseJson } from '../validation/json.ts'

/** A JWS in compact form (RFC 7515 §7.1) whose three parts can be read; nothing of it has been verified. */
export interface CompactToken {
  readonly text: string
  readonly header: JsonMembers
  readonly payload: Buffer
}

export type JsonMembers = Readonly<Record<string, unknown>>

/** No token nests deeper, or lists more, for a reason. */
const limits = { depth: 16, items: 2_000 }

/**
 * Takes a token apart. Stricter than most readers: base64url without padding, without characters of other alphabets and with
 * no stray bits at its end (RFC 7515 §2, RFC 4648 §3.5), so that a token has one spelling only; a header in UTF-8
 * without members of the same name (§4).
 */
export function readCompact(text: string): CompactToken | undefined {
  const parts = text.split('.')
  if (parts.length !== 3) return undefined
  const [head, payload, signature] = parts.map(strictBytes)
  if (head === undefined || payload === undefined || signature === undefined) return undefined
  const header = jsonMembers(head)
  return header === undefined ? undefined : { text, header, payload }
}

/** The members of a JSON object, each given once; undefined where the bytes are no such thing. */
export function jsonMembers(bytes: Buffer): JsonMembers | undefined {
  // RFC 8259 §8.1: no byte order mark; some readers skip it, others fail.
  if (bytes[0] === 0xef) return undefined
  const parsed = parseJson(bytes, limits)
  if ('fault' in parsed || typeof parsed.value !== 'object' || parsed.value === null) return undefined
  return Array.isArray(parsed.value) ? undefined : (parsed.value as JsonMembers)
}

/** The bytes of base64url text, undefined where it is not the one way to write them. */
export function strictBytes(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

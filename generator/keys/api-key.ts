import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const mark = 'sg_live_'
/** 62^43 > 2^256 */
const bodyLength = 43
/** 62^6 > 2^32 */
const checkLength = 6

/**
 * A key: `sg_live_`, 32 random bytes in base 62, and a check of both in six more characters, so that secret scanners
 * recognise one (`sg_live_[0-9A-Za-z]{49}`, {@link isKey}) and a mistyped one is known for it.
 */
export function makeKey(random: Uint8Array = randomBytes(32)): string {
  const body = mark + base62(BigInt(`0x${Buffer.from(random).toString('hex')}`), bodyLength)
  return body + checkOf(body)
}

/** Whether text is a key of this form with the right check; says nothing of whether it is valid anywhere. */
export function isKey(text: string): boolean {
  if (!/^sg_live_[0-9A-Za-z]{49}$/.test(text)) return false
  return text.slice(-checkLength) === checkOf(text.slice(0, -checkLength))
}

/** What is stored. */
export function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** What a key is listed by: enough to recognise it, too little to guess the rest. */
export function prefixOf(key: string): string {
  return key.slice(0, mark.length + 4)
}

/** `key_` and eight random characters. */
export function makeKeyId(random: Uint8Array = randomBytes(6)): string {
  return `key_${base62(BigInt(`0x${Buffer.from(random).toString('hex')}`), 9).slice(-8)}`
}

function checkOf(body: string): string {
  return base62(BigInt(crc32(body)), checkLength)
}

function base62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; rest > 0n; rest /= 62n) text = alphabet[Number(rest % 62n)] + text
  return text.padStart(length, '0')
}

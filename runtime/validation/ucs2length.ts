import { isStandIn, longStandIn } from './stand-in.ts'

/** How many Unicode characters a string has: what `minLength` and `maxLength` count (JSON Schema Validation §6.3). */
export function ucs2length(text: string): number {
  const units = text.length
  if (units >= longStandIn && isStandIn(text)) return units
  let characters = units
  for (let i = 0; i < units - 1; i++) {
    // A high surrogate followed by a low one is one character.
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      characters--
      i++
    }
  }
  return characters
}

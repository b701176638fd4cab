import { Buffer } from 'node:buffer'
import { Text, textClass, unqualifiedName } from './characters.ts'
import { Malformed } from './malformed.ts'

const hyphen = 0x2d
const greaterThan = 0x3e
const question = 0x3f

/**
 * The parts of a document that say nothing about its data. Each function takes the index where the part begins and
 * returns the index behind it, or -1 where its end is not there yet.
 */

const cdataStart = Buffer.from('<![CDATA[')
const commentStart = Buffer.from('<!--')
export const cdataLength = cdataStart.length

/** What begins with `<!` at `at`; unknown as long as too little of it is there. */
export function declarationKind(buffer: Uint8Array, at: number): 'comment' | 'cdata' | 'other' | 'unknown' {
  for (const [kind, start] of [
    ['comment', commentStart],
    ['cdata', cdataStart],
  ] as const) {
    const length = Math.min(start.length, buffer.length - at)
    let i = 0
    while (i < length && buffer[at + i] === start[i]) i++
    if (i === length) return length === start.length ? kind : 'unknown'
  }
  return 'other'
}

/** `<!-- … -->` (XML 1.0 §2.5): no `--` inside. */
export function skipComment(buffer: Uint8Array, from: number, end: number): number {
  for (let at = from + 4; at < end; at++) {
    if (buffer[at] === hyphen && buffer[at + 1] === hyphen) {
      if (at + 2 >= end) return -1
      if (buffer[at + 2] !== greaterThan) throw new Malformed('-- in a comment', at)
      return at + 3
    }
    checkCharacter(buffer, at)
  }
  return -1
}

/** `<?target … ?>` (§2.6). */
export function skipInstruction(buffer: Uint8Array, from: number, end: number): number {
  for (let at = from + 2; at < end; at++) {
    if (buffer[at] === question && buffer[at + 1] === greaterThan) {
      checkTarget(Buffer.from(buffer.subarray(from + 2, at)).toString('utf8'), from)
      return at + 2
    }
    checkCharacter(buffer, at)
  }
  return -1
}

function checkTarget(content: string, from: number): void {
  const target = /^[^ \t\r\n]*/.exec(content)![0]
  if (!unqualifiedName.test(target)) throw new Malformed('not a processing instruction', from)
  // The declaration is read by itself; anywhere else it is an error, in whatever case (§2.6).
  if (target.toLowerCase() === 'xml') throw new Malformed('an XML declaration that is not at the start', from)
}

function checkCharacter(buffer: Uint8Array, at: number): void {
  const kind = textClass[buffer[at]!]
  if (kind === Text.forbidden) throw new Malformed('a control character', at)
  if (kind === Text.noncharacter && buffer[at + 1] === 0xbf && buffer[at + 2]! >= 0xbe) {
    throw new Malformed('a noncharacter', at)
  }
}

import { isUtf8 } from 'node:buffer'
import { JsonFault } from './json-fault.ts'
import { JsonIndex } from './json-index.ts'

/**
 * Where the values of a body stand. A byte order mark is skipped (RFC 8259 §8.1).
 * @param depth how deep arrays and objects may nest
 * @throws JsonFault
 */
export function readJson(bytes: Buffer, depth: number): JsonIndex {
  if (!isUtf8(bytes)) throw new JsonFault('', 'is not valid UTF-8', 'encoding')
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  return new JsonIndex(bytes.toString('utf8', mark), depth)
}

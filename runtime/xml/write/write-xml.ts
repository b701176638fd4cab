import { isUtf8 } from 'node:buffer'
import { JsonIndex } from './json-index.ts'
import type { WrittenRoot } from './link-written.ts'
import { Unwritable } from './unwritable.ts'
import { type WriteOptions, XmlWriter } from './xml-writer.ts'

/**
 * The root element of a JSON text's XML.
 * @param depth how deep arrays and objects may nest
 * @throws Unwritable for what is no JSON or has no XML; Overgrown past `options.size`
 */
export function writeXml(bytes: Buffer, root: WrittenRoot, options: WriteOptions, depth: number): string {
  if (!isUtf8(bytes)) throw new Unwritable('', 'is not valid UTF-8', 'encoding')
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const json = new JsonIndex(bytes.toString('utf8', mark), depth)
  return new XmlWriter(json, options, root.prefixes).write(root)
}

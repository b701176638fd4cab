import { readJson } from '../../json/read-json.ts'
import type { WrittenRoot } from './link-written.ts'
import { type WriteOptions, XmlWriter } from './xml-writer.ts'

/**
 * The root element of a JSON text's XML.
 * @param depth how deep arrays and objects may nest
 * @throws JsonFault for what is no JSON or has no XML; Overgrown past `options.size`
 */
export function writeXml(bytes: Buffer, root: WrittenRoot, options: WriteOptions, depth: number): string {
  return new XmlWriter(readJson(bytes, depth), options, root.prefixes).write(root)
}

import type { Buffer } from 'node:buffer'
import { XmlDecoder } from './encoding.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { type LinkedRoot, Transducer } from './transducer.ts'
import type { WalkOptions } from './walk.ts'

/**
 * A whole document that is in memory.
 * @param charset the parameter of its media type, if there is one
 * @throws Malformed, Misfit, TooLarge
 */
export function convertXml(
  bytes: Uint8Array,
  root: LinkedRoot,
  options: WalkOptions,
  charset?: string,
  limits: Limits = defaultLimits,
): Buffer {
  const decoder = new XmlDecoder(charset)
  const transducer = new Transducer(root, options, limits, bytes.length)
  transducer.write(decoder.decode(bytes))
  transducer.write(decoder.end())
  transducer.end()
  return transducer.finish()
}

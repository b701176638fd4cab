import type { Buffer } from 'node:buffer'
import { decodeXml } from './encoding.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { type LinkedRoot, Transducer } from './transducer.ts'
import type { WalkOptions } from './walk.ts'

export interface Converted {
  readonly json: Buffer
  /** It is a SOAP fault, by the convention for what has no schema. */
  readonly isFault: boolean
}

/** The one that converted last: making one costs a fifth of converting 1 KiB, and what it leaves behind as much. */
let spare: Transducer | undefined

/** Documents up to so many bytes go through it; its memory is no larger than they need. */
const small = 64 * 1024

/**
 * A whole document that is in memory.
 * @param charset the parameter of its media type, if there is one
 * @throws Malformed, Misfit, TooLarge
 */
export function convertDocument(
  bytes: Uint8Array,
  root: LinkedRoot,
  options: WalkOptions,
  charset?: string,
  limits: Limits = defaultLimits,
): Converted {
  const transducer = spare ?? new Transducer(root, options, limits, bytes.length)
  if (spare !== undefined) transducer.restart(root, options, limits)
  // Whoever fails is not used again; nor is it while it works.
  spare = undefined
  transducer.write(decodeXml(bytes, charset))
  transducer.end()
  const { isFault } = transducer
  if (transducer.out.bytes.length > small) return { json: transducer.finish(), isFault }
  const json = transducer.copy()
  spare = transducer
  return { json, isFault }
}

/** The JSON of it. */
export function convertXml(
  bytes: Uint8Array,
  root: LinkedRoot,
  options: WalkOptions,
  charset?: string,
  limits: Limits = defaultLimits,
): Buffer {
  return convertDocument(bytes, root, options, charset, limits).json
}

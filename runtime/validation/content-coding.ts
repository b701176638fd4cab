import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'

type Decompress = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

/** Content codings that can be undone (RFC 9110 §8.4.1). */
const codings: ReadonlyMap<string, Decompress> = new Map<string, Decompress>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
])

/** For `Accept-Encoding` in a 415 (RFC 9110 §15.5.16). */
export const knownCodings = 'gzip, deflate, br, zstd'

/**
 * The content behind its codings.
 *
 * @param coding the field `Content-Encoding`; undefined or `identity`: the bytes are the content
 * @param limit bytes of content; a small bomb must not become a large buffer
 */
export async function undoCodings(bytes: Buffer, coding: string | undefined, limit: number): Promise<Decoded> {
  let content = bytes
  for (const name of (coding ?? '').toLowerCase().split(',').reverse()) {
    const trimmed = name.trim()
    if (trimmed === '' || trimmed === 'identity') continue
    const decompress = codings.get(trimmed)
    if (decompress === undefined) return 'unknown'
    try {
      content = await decompress(content, { maxOutputLength: limit })
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'malformed'
    }
  }
  return content
}

export type Decoded = Buffer | 'unknown' | 'too-large' | 'malformed'

export function isCoded(coding: string | undefined): boolean {
  return coding !== undefined && coding !== '' && coding.toLowerCase() !== 'identity'
}

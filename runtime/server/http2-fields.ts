import type { Fields } from '../core/headers.ts'

/** RFC 9113 §8.2.2: what speaks of a connection has no place in a stream. */
const ofConnections: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Fields as HTTP/2 carries them: names in lower case (RFC 9113 §8.2), order and repetitions kept. */
export function fieldsForHttp2(fields: Fields): string[] {
  const kept: string[] = []
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase()
    if (!ofConnections.has(name)) kept.push(name, fields[i + 1]!)
  }
  return kept
}

import { LineCounter, parseDocument } from 'yaml'
import { type Note, onlyMembers, readConsumer } from './consumer-record.ts'
import type { KnownKey, KnownPassword } from './consumers.ts'

export interface ReadConsumers {
  /** By their SHA-256 in lower-case hexadecimal digits. */
  readonly keys: ReadonlyMap<string, KnownKey>
  /** By the consumer's id. */
  readonly passwords: ReadonlyMap<string, readonly KnownPassword[]>
  /** By `certificateKey`. */
  readonly certificates: ReadonlyMap<string, KnownKey>
  /** How many consumers the file names, those without a key included. */
  readonly count: number
  /** `line:column: sentence`; where there is any, nothing of the file may be used. */
  readonly problems: readonly string[]
}

/**
 * Reads the text of a consumers file (YAML, and so JSON too):
 *
 * ```yaml
 * consumers:
 *   acme:                              # the consumer's id: printable ASCII without spaces
 *     keys:
 *       - sha256: 9f86d081…            # of the key, 64 hexadecimal digits
 *         id: key_4fXa9Tq2             # optional: to list and revoke it by
 *         prefix: sg_live_8sKq         # optional: how the key begins, to recognise it
 *         created: 2026-11-20T09:00:00Z
 *         expires: 2027-11-20          # optional; a date alone means its first moment, UTC
 *     passwords:                       # for the basic scheme; the user's name is the consumer's id
 *       - scrypt: $scrypt$ln=15,r=8,p=1$…$… # made by `specgate keys password`; id, created, expires as of a key
 *     certificates:                    # for the mtls scheme; one of dns, uri, email, subject, sha256 each
 *       - uri: spiffe://acme.example/orders
 *     roles: [partner]                 # optional, like all that follows
 *     scopes: [orders.read]
 *     plan: gold
 *     expires: 2027-12-31
 *     metadata: { contact: api@acme.example }
 * ```
 *
 * Strict: an unknown member, a wrong type, a digest or id that stands twice is a problem, and every problem is named.
 */
export function readConsumers(text: string): ReadConsumers {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const problems = document.errors.map((error) => at(lines, error.pos[0], error.message))
  if (problems.length > 0) return { keys: new Map(), passwords: new Map(), certificates: new Map(), count: 0, problems }

  const note: Note = (path, sentence) => {
    let node: unknown
    for (let length = path.length; node === undefined && length >= 0; length--) {
      node = document.getIn(path.slice(0, length), true)
    }
    problems.push(at(lines, (node as { range?: readonly number[] } | undefined)?.range?.[0] ?? 0, sentence))
  }
  let root: unknown
  try {
    root = document.toJS({ mapAsMap: true, maxAliasCount: 100 })
  } catch (error) {
    return {
      keys: new Map(),
      passwords: new Map(),
      certificates: new Map(),
      count: 0,
      problems: [`1:1: ${(error as Error).message}`],
    }
  }
  const keys = new Map<string, KnownKey>()
  const passwords = new Map<string, readonly KnownPassword[]>()
  const certificates = new Map<string, KnownKey>()
  if (!(root instanceof Map)) {
    note([], 'A consumers file is a map with the member "consumers".')
    return { keys, passwords, certificates, count: 0, problems }
  }
  onlyMembers(root, ['consumers'], [], note)
  const consumers: unknown = root.get('consumers')
  if (!(consumers instanceof Map)) {
    note(root.has('consumers') ? ['consumers'] : [], '"consumers" must be a map from ids to consumers ({} for none).')
    return { keys, passwords, certificates, count: 0, problems }
  }
  const ids = new Set<string>()
  for (const [id, value] of consumers) readConsumer(id, value, { keys, passwords, certificates, ids, note })
  return { keys, passwords, certificates, count: consumers.size, problems }
}

function at(lines: LineCounter, offset: number, sentence: string): string {
  const { line, col } = lines.linePos(offset)
  return `${line}:${col}: ${sentence.replace(/\s+/g, ' ').trim()}`
}

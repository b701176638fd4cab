import { isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { parseJson } from '../validation/json.ts'
import { asMaps } from './as-maps.ts'
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
  return readJson(text) ?? readYaml(text)
}

/** JSON is read as such, a hundred times as fast; undefined where it is none, or where problems want to be told with their places. */
function readJson(text: string): ReadConsumers | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  const parsed = parseJson(Buffer.from(text), { depth: 64, items: 1_000_000 })
  if ('fault' in parsed) return undefined
  const problems: string[] = []
  const read = readRoot(asMaps(parsed.value), problems, (_, sentence) => problems.push(sentence))
  return problems.length === 0 ? read : undefined
}

function readYaml(text: string): ReadConsumers {
  const lines = new LineCounter()
  // Its own look for keys that stand twice takes time by the square of their number: 4 s for 10,000.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false })
  const problems = document.errors.map((error) => at(lines, error.pos[0], error.message))
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) problems.push(at(lines, key.range?.[0] ?? 0, 'Map keys must be unique'))
        seen.add(key.value)
      }
    },
  })
  if (problems.length > 0) return nobody(problems)
  try {
    const root: unknown = document.toJS({ mapAsMap: true, maxAliasCount: 100 })
    return readRoot(root, problems, (path, sentence) => {
      let node: unknown
      // Finding a place takes time; nobody reads more than these.
      for (let length = path.length; node === undefined && length >= 0 && problems.length < 100; length--) {
        node = document.getIn(path.slice(0, length), true)
      }
      problems.push(at(lines, (node as { range?: readonly number[] } | undefined)?.range?.[0] ?? 0, sentence))
    })
  } catch (error) {
    return nobody([`1:1: ${(error as Error).message}`])
  }
}

function readRoot(root: unknown, problems: readonly string[], note: Note): ReadConsumers {
  if (!(root instanceof Map)) {
    note([], 'A consumers file is a map with the member "consumers".')
    return nobody(problems)
  }
  onlyMembers(root, ['consumers'], [], note)
  const consumers: unknown = root.get('consumers')
  if (!(consumers instanceof Map)) {
    note(root.has('consumers') ? ['consumers'] : [], '"consumers" must be a map from ids to consumers ({} for none).')
    return nobody(problems)
  }
  const keys = new Map<string, KnownKey>()
  const passwords = new Map<string, readonly KnownPassword[]>()
  const certificates = new Map<string, KnownKey>()
  const ids = new Set<string>()
  for (const [id, value] of consumers) readConsumer(id, value, { keys, passwords, certificates, ids, note })
  return { keys, passwords, certificates, count: consumers.size, problems }
}

function nobody(problems: readonly string[]): ReadConsumers {
  return { keys: new Map(), passwords: new Map(), certificates: new Map(), count: 0, problems }
}

function at(lines: LineCounter, offset: number, sentence: string): string {
  const { line, col } = lines.linePos(offset)
  return `${line}:${col}: ${sentence.replace(/\s+/g, ' ').trim()}`
}

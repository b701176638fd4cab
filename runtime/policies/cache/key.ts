import { Recall } from '../../core/recall.ts'

/** Which query parameters a cached operation has: their names, `name[*]` for every name that starts with `name[`, or all. */
export type QueryKey = 'all' | readonly string[]

/** By name, what a parameter means where it is absent, as it would stand in a query: `limit=20`, `tag=a&tag=b`. */
export type QueryDefaults = Readonly<Record<string, string>>

/**
 * A function from the query as received to the query of the key, or undefined where it holds a parameter that is not
 * declared: what the key does not hold must not shape what is stored, so such a request is not for the cache.
 *
 * Absent parameters that have a default count as sent with it. Pairs are sorted by name, those of one name keep their order; percent-encoding is brought to one form (RFC 3986 §6.2.2).
 * `+` and `%20`, `,` and `%2C` stay apart, since not every server reads them alike.
 * The `rest` is what else is part of the key: it comes behind the query.
 */
export function queryKey(
  declared: QueryKey,
  defaults: QueryDefaults = {},
): (query: string, rest?: string) => string | undefined {
  const make = maker(declared, Object.entries(defaults))
  const bare = make('')
  // What is asked for often is spelt the same way often: 0.4 µs of 4 parameters become a lookup. And a text that is put together
  // anew is hashed anew where it is looked up.
  const known = new Map<string, { readonly made: string; rest: string; whole: string }>()
  return (query, rest = '') => {
    const found = known.get(query)
    if (found !== undefined) {
      if (found.rest !== rest) {
        found.rest = rest
        found.whole = found.made + rest
      }
      return found.whole
    }
    const made = query === '' ? bare : make(query)
    if (made === undefined) return undefined
    const whole = made + rest
    if (query.length <= rememberedLength) {
      if (known.size >= remembered) known.clear()
      known.set(query, { made, rest, whole })
    }
    return whole
  }
}

const remembered = 256
const rememberedLength = 256

type Default = readonly [name: string, pairs: string]

function maker(declared: QueryKey, defaults: readonly Default[]): (query: string) => string | undefined {
  if (declared === 'all') return (query) => canonical(query, () => true, defaults)
  const names = new Set(declared.filter((name) => !name.endsWith('[*]')))
  const prefixes = declared.filter((name) => name.endsWith('[*]')).map((name) => name.slice(0, -2))
  const isDeclared = (name: string): boolean => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))
  return (query) => canonical(query, isDeclared, defaults)
}

function canonical(
  query: string,
  isDeclared: (name: string) => boolean,
  defaults: readonly Default[],
): string | undefined {
  const sorted: { name: string; pair: string }[] = []
  for (const raw of query === '' ? [] : query.split('&')) {
    const pair = normalizeEncoding(raw)
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    if (!isDeclared(name.includes('%') ? decoded(name) : name)) return undefined
    sorted.push({ name, pair })
  }
  for (const [name, pair] of defaults) {
    const encoded = encodeURIComponent(name)
    if (!sorted.some((one) => one.name === encoded || one.name === name)) sorted.push({ name: encoded, pair })
  }
  if (sorted.length === 1) return sorted[0]!.pair
  // Array sort is stable: the order of repeated parameters, which has a meaning, is kept.
  sorted.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
  return sorted.map(({ pair }) => pair).join('&')
}

/** Unreserved characters decoded, other encodings in upper case: the same octets in one spelling (RFC 3986 §6.2.2). */
export function normalizeEncoding(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16))
    return /[A-Za-z0-9\-._~]/.test(char) ? char : `%${hex.toUpperCase()}`
  })
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/**
 * What is asked for, without the query: the authority as clients name it, how they came, and the path, which is one however
 * it is spelt: what changes `/a` has changed `/%61` as well.
 */
export function resourceKey(secure: boolean, host: string, path: string): string {
  const place = `${host.toLowerCase()} ${normalizeEncoding(path)}`
  return secure ? `s ${place}` : place
}

/** {@link resourceKey} for one operation. The same path nearly always comes by the same authority: its key is kept. */
export function resourceKeys(): typeof resourceKey {
  const recent = new Recall<{ readonly secure: boolean; readonly host: string; readonly key: string }>()
  return (secure, host, path) => {
    const known = recent.get(path)
    if (known !== undefined && known.host === host && known.secure === secure) return known.key
    const key = resourceKey(secure, host, path)
    recent.keep(path, { secure, host, key })
    return key
  }
}

/** What tells a path in another spelling apart: upstreams may answer it otherwise, if only by a redirection. '' for the normal one. */
export function spellingKey(path: string): string {
  return !path.includes('%') || normalizeEncoding(path) === path ? '' : `\npath ${path}`
}

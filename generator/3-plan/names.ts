/** Words of an arbitrary text: split at anything that is no letter or digit, and at lower-to-upper steps. */
export function words(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
}

export function camelCase(text: string): string {
  return words(text)
    .map((word, index) => (index === 0 ? word.toLowerCase() : word[0]!.toUpperCase() + word.slice(1).toLowerCase()))
    .join('')
}

export function kebabCase(text: string): string {
  return words(text).join('-').toLowerCase()
}

export function constantCase(text: string): string {
  return words(text).join('_').toUpperCase()
}

/** A valid identifier made of `text`; `fallback` where nothing of it can stand in one (e.g. only CJK letters). */
export function identifier(text: string, fallback: string): string {
  const name = camelCase(text) || fallback
  return /^\d/.test(name) ? `_${name}` : name
}

/** Words that cannot name an export, and globals it would be confusing to hide. */
const reserved = new Set(
  (
    'abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default delete do else enum ' +
    'eval export extends false finally for from function get global if implements import in infer instanceof interface is keyof let ' +
    'module namespace never new null number object of package private protected prototype public require return set static string super switch symbol ' +
    'this throw true try type typeof undefined unique unknown var void while with yield process Buffer globalThis settings routes'
  ).split(' '),
)

/** Longer ones are cut: file systems take 255 bytes, people far less. */
const longest = 80

/** Hands out names that differ from each other also where case is ignored (file systems, readers). */
export class Names {
  readonly #taken = new Set<string>()
  /** The next number of a stem: thousands of long names may share one once they are cut. */
  readonly #next = new Map<string, number>()

  /** `wanted`, or `wanted2`, `wanted3`, …; `separator` stands before the number. */
  claim(wanted: string, separator = ''): string {
    const stem = wanted.slice(0, longest)
    let name = reserved.has(stem) ? `${stem}_` : stem
    const counted = `${stem.toLowerCase()} ${separator}`
    let n = this.#next.get(counted) ?? 2
    const first = n
    while (this.#taken.has(name.toLowerCase())) name = `${stem}${separator}${n++}`
    if (n > first) this.#next.set(counted, n)
    this.#taken.add(name.toLowerCase())
    return name
  }
}

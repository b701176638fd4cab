/** A parsed `Content-Type` (RFC 9110 §8.3.1). */
export interface MediaType {
  /** Lower case: `application/json`. */
  readonly type: string
  /** Names in lower case, values as given. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Undefined where the text is no media type, or gives a parameter two values. */
export function parseMediaType(text: string): MediaType | undefined {
  const semicolon = text.indexOf(';')
  const type = (semicolon === -1 ? text : text.slice(0, semicolon)).trim().toLowerCase()
  if (!/^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+$/.test(type)) return undefined
  const parameters = new Map<string, string>()
  if (semicolon === -1) return { type, parameters }
  let rest = text.slice(semicolon).trimEnd()
  while (rest !== '') {
    const [whole, name, token, quoted] = parameterPattern.exec(rest) ?? []
    if (whole === undefined) return undefined
    if (name !== undefined) {
      const lower = name.toLowerCase()
      // A backslash before anything else is itself to some readers, and nothing to others.
      const value = token ?? quoted!.replace(/\\(["\\])/g, '$1')
      // Some readers take the first, some the last.
      if ((parameters.get(lower) ?? value) !== value) return undefined
      parameters.set(lower, value)
    }
    rest = rest.slice(whole.length)
  }
  return { type, parameters }
}

const parameterPattern = /^[ \t]*;[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[^"\\]|\\.)*)"))?/

/** Finds the declared media type that a message's own one meets: the exact one, else the narrowest range. */
export class MediaTypes<T> {
  readonly #declared: readonly { readonly range: MediaType; readonly value: T }[]
  /** The same few texts come again and again; the bound keeps inventive callers from filling memory. */
  readonly #known = new Map<string, { readonly media: MediaType; readonly value: T } | undefined>()

  constructor(declared: Readonly<Record<string, T>>) {
    this.#declared = Object.entries(declared)
      .flatMap(([text, value]) => {
        const range = parseMediaType(text)
        return range === undefined ? [] : [{ range, value }]
      })
      .sort((a, b) => precision(b.range) - precision(a.range))
  }

  match(text: string): { readonly media: MediaType; readonly value: T } | undefined {
    if (this.#known.has(text)) return this.#known.get(text)
    const media = parseMediaType(text)
    const found = media === undefined ? undefined : this.#declared.find(({ range }) => includes(range, media))
    const match = media === undefined || found === undefined ? undefined : { media, value: found.value }
    if (this.#known.size < 100) this.#known.set(text, match)
    return match
  }
}

function precision({ type, parameters }: MediaType): number {
  return (type === '*/*' ? 0 : type.endsWith('/*') ? 1 : 2) * 100 + parameters.size
}

function includes(range: MediaType, media: MediaType): boolean {
  const sameType =
    range.type === '*/*' ||
    range.type === media.type ||
    (range.type.endsWith('/*') && media.type.startsWith(range.type.slice(0, -1)))
  return sameType && [...range.parameters].every(([name, value]) => hasParameter(media, name, value))
}

/** A declared charset is what the server prefers, not a further type. */
function hasParameter(media: MediaType, name: string, value: string): boolean {
  return name === 'charset' || media.parameters.get(name)?.toLowerCase() === value.toLowerCase()
}

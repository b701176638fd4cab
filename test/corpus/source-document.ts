import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'

/** A value with the file it stands in, which its references are relative to. */
export interface Located {
  readonly value: unknown
  readonly file: string
}

export interface Members {
  readonly [key: string]: unknown
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Samples cannot be made from what cannot be read. */
export class Unreadable extends Error {}

/**
 * A document as it was written, over as many files as it has: the side of the test that knows nothing of the compiler, so
 * that both do not share one mistake.
 */
export class SourceDocument {
  readonly root: Located
  /** `2.0`, `3.0`, `3.1`, `3.2` */
  readonly version: string
  readonly #files = new Map<string, unknown>()
  readonly #named = new Map<string, Located>()

  constructor(path: string) {
    this.root = { value: this.#read(path), file: path }
    const { swagger, openapi } = isMembers(this.root.value) ? this.root.value : {}
    this.version = swagger === undefined ? String(openapi).slice(0, 3).padEnd(3, '.0') : '2.0'
  }

  /** From 3.1 on schemas are JSON Schema 2020-12, and members beside `$ref` count. */
  get isModern(): boolean {
    return this.version > '3.0'
  }

  /** The member `key`, references followed before and after. */
  get(at: Located | undefined, key: string | number): Located | undefined {
    const owner = at === undefined ? undefined : this.resolve(at)
    const member = owner === undefined ? undefined : this.at(owner, key)
    return member === undefined ? undefined : this.resolve(member)
  }

  /** The member `key` as it stands there. */
  at({ value, file }: Located, key: string | number): Located | undefined {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    return { value: (value as Members)[key], file }
  }

  /** Members but extensions, as they stand there. */
  entries(at: Located | undefined): [string, Located][] {
    if (at === undefined || !isMembers(at.value)) return []
    // Authors take a map for something that can be referred to; tools agree with them.
    const reference = at.value['$ref']
    if (typeof reference === 'string') return this.entries(this.target(reference, at.file))
    return Object.entries(at.value).map(([key, value]) => [key, { value, file: at.file }])
  }

  items(at: Located | undefined): Located[] {
    return Array.isArray(at?.value) ? at.value.map((value: unknown) => ({ value, file: at.file })) : []
  }

  /** What a chain of `$ref`s leads to. @throws Unreadable */
  resolve(at: Located): Located {
    let found = at
    for (let steps = 0; isMembers(found.value) && typeof found.value['$ref'] === 'string'; steps++) {
      if (steps > 50) throw new Unreadable('a circle of references')
      found = this.target(found.value['$ref'], found.file)
    }
    return found
  }

  /** What one reference names. @throws Unreadable */
  target(reference: string, from: string): Located {
    const [address = '', fragment = ''] = reference.split('#')
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return this.#identified(reference, from)
    const file = address === '' ? from : join(dirname(from), decodeURIComponent(address))
    if (fragment !== '' && !fragment.startsWith('/')) return this.#identified(fragment, file)
    let value: unknown
    try {
      value = this.#read(file)
    } catch {
      return this.#identified(reference, from)
    }
    let found: Located = { value, file }
    for (const token of fragment.split('/').slice(1)) {
      const key = decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')
      const next = this.at(found, key) ?? this.at(this.resolve(found), key)
      if (next === undefined) throw new Unreadable(`nothing at ${reference}`)
      found = next
    }
    return found
  }

  /** What `$id`, `$anchor` or `$dynamicAnchor` calls so. */
  #identified(name: string, file: string): Located {
    if (!this.#named.has(`${file} `)) {
      this.#named.set(`${file} `, this.root)
      this.#index({ value: this.#read(file), file })
    }
    const found = this.#named.get(`${file} ${name}`)
    if (found === undefined) throw new Unreadable(`nothing is called ${name}`)
    return found
  }

  #index(at: Located): void {
    const { value, file } = at
    if (typeof value !== 'object' || value === null) return
    for (const key of ['$id', '$anchor', '$dynamicAnchor']) {
      const name = (value as Members)[key]
      if (typeof name === 'string') this.#named.set(`${file} ${name}`, at)
    }
    for (const child of Object.values(value)) this.#index({ value: child, file })
  }

  #read(file: string): unknown {
    if (!this.#files.has(file)) {
      const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '')
      const value: unknown = /^\s*[{[]/.test(text)
        ? tolerantJson(text)
        : parse(text, { merge: true, uniqueKeys: false, maxAliasCount: -1, logLevel: 'silent' })
      this.#files.set(file, value)
    }
    return this.#files.get(file)
  }
}

/** YAML may begin with a brace too. */
function tolerantJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return parse(text, { uniqueKeys: false, logLevel: 'silent' })
  }
}

import { readFileSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { servicePath } from '../core/service-folder.ts'

/** Bytes: a system's whole store of authorities is a quarter of that. */
const largestFile = 1024 * 1024

/**
 * PEM texts by name, each from a file (absolute, or relative to the service's folder) or, where it begins like one, the text
 * itself. Files are looked at twice a second: mounted secrets are replaced in ways that watchers do not report.
 */
export class PemFiles<Name extends string> {
  readonly #sources: ReadonlyMap<Name, string>
  readonly #pollMs: number
  #seen = ''
  #glimpsed = ''
  #timer: NodeJS.Timeout | undefined
  #looking = false

  /** @param sources undefined and '' are none */
  constructor(sources: Readonly<Partial<Record<Name, string | undefined>>>, pollMs = 500) {
    const given = Object.entries(sources) as [Name, string | undefined][]
    this.#sources = new Map(given.flatMap(([name, text]) => (text === undefined || text === '' ? [] : [[name, text]])))
    this.#pollMs = pollMs
  }

  has(name: Name): boolean {
    return this.#sources.has(name)
  }

  /** How a sentence calls it: the path, or `the PEM text of cert`. */
  describe(name: Name): string {
    const text = this.#sources.get(name) ?? ''
    return isPem(text) ? `the PEM text of "${name}"` : servicePath(text)
  }

  /** @throws Error with a sentence a person can act on */
  read(): Partial<Record<Name, string>> {
    const texts: Partial<Record<Name, string>> = {}
    for (const [name, text] of this.#sources)
      texts[name] = isPem(text) ? text.replaceAll('\\n', '\n') : readText(servicePath(text))
    this.#seen = this.#paths().map(signatureSync).join('\n')
    return texts
  }

  /** @param changed some file is not what was read last; whoever is told reads again */
  watch(changed: () => void): void {
    const paths = this.#paths()
    if (paths.length === 0) return
    this.#timer = setInterval(() => void this.#look(paths, changed), this.#pollMs).unref()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #look(paths: readonly string[], changed: () => void): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    const seen = (await Promise.all(paths.map(signature))).join('\n')
    this.#looking = false
    const isSettled = seen === this.#glimpsed
    this.#glimpsed = seen
    // A pair is written one file after the other: only what stays as it is for a moment is read.
    if (!isSettled || seen === this.#seen || this.#timer === undefined) return
    this.#seen = seen
    changed()
  }

  #paths(): string[] {
    return [...this.#sources.values()].filter((text) => !isPem(text)).map((text) => servicePath(text))
  }
}

function isPem(text: string): boolean {
  return text.trimStart().startsWith('-----BEGIN ')
}

function readText(path: string): string {
  let info: ReturnType<typeof statSync>
  try {
    info = statSync(path)
    if (info.isFile() && info.size <= largestFile) return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${code ?? 'unreadable'}`)
  }
  throw new Error(info.isFile() ? `${path} is larger than ${largestFile} bytes` : `${path} is not a file`)
}

interface FileFacts {
  readonly ino: bigint
  readonly size: bigint
  readonly mtimeNs: bigint
}

function print({ ino, size, mtimeNs }: FileFacts): string {
  return `${ino} ${size} ${mtimeNs}`
}

function signatureSync(path: string): string {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false })
  return facts === undefined ? 'missing' : print(facts)
}

async function signature(path: string): Promise<string> {
  try {
    return print(await stat(path, { bigint: true }))
  } catch {
    return 'missing'
  }
}

import { readFileSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import type { Reporter } from '../../report/reporter.ts'
import type { Sources } from '../../report/sources.ts'
import { decode } from '../parse/decode.ts'
import { parse } from '../parse/parse.ts'

/** Larger than any document; a reference to a disk image must not fill the memory. */
const sizeLimit = 64 * 1024 * 1024

export interface LoadedFile {
  readonly path: string
  readonly name: string
  readonly value: unknown
  readonly text: string
}

export type Unloaded = { readonly reason: string } | { readonly reported: true }

/** Reads and parses files, each once. */
export class Files {
  readonly #root: string
  readonly #sources: Sources
  readonly #reporter: Reporter
  readonly #loaded = new Map<string, LoadedFile | Unloaded>()

  constructor(root: string, sources: Sources, reporter: Reporter) {
    this.#root = root
    this.#sources = sources
    this.#reporter = reporter
  }

  path(file: string): string {
    return resolve(this.#root, file)
  }

  /** Relative to the folder the command runs in, with forward slashes. */
  name(path: string): string {
    return relative(this.#root, path).split(sep).join('/')
  }

  /** The parsed file; or why it cannot be read; or, where its content is at fault, that this has been reported. */
  load(file: string): LoadedFile | Unloaded {
    const path = this.path(file)
    let loaded = this.#loaded.get(path)
    if (loaded === undefined) this.#loaded.set(path, (loaded = this.#read(path)))
    return loaded
  }

  #read(path: string): LoadedFile | Unloaded {
    const name = this.name(path)
    let bytes: Uint8Array
    try {
      const stat = statSync(path)
      if (!stat.isFile()) return { reason: 'it is not a file' }
      if (stat.size > sizeLimit) return { reason: `it is larger than ${sizeLimit / 1024 / 1024} MiB` }
      bytes = readFileSync(path)
    } catch (error) {
      this.#sources.absent.add(path)
      return { reason: reasonOf(error as NodeJS.ErrnoException) }
    }
    const decoded = decode(bytes)
    if ('encoding' in decoded) {
      this.#sources.add(name, '')
      this.#reporter.report('encoding-unsupported', { file: name, pointer: '', line: 1, column: 1 }, decoded)
      return { reported: true }
    }
    this.#sources.add(name, decoded.text)
    const parsed = parse(decoded.text, name, this.#reporter)
    if (parsed === undefined) return { reported: true }
    return { path, name, value: parsed.value, text: decoded.text }
  }
}

/** In words, without the path, which the message has as its author wrote it. */
function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file'
    case 'EACCES':
    case 'EPERM':
      return 'reading it is not permitted'
    default:
      return error.code ?? error.message
  }
}

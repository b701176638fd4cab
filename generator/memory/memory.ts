import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CompileOptions, CompileResult } from '../index.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { Sources } from '../report/sources.ts'
import { compilerFingerprint, sha256, stampOf } from './fingerprint.ts'

/** One compilation, as it is written down. */
interface Compilation {
  readonly compiler: string
  /** Every file that was read, with the hash of its text. */
  readonly inputs: readonly (readonly [file: string, hash: string])[]
  /** Companions that were looked for and not there. */
  readonly absent: readonly string[]
  /** The stamp of every emitted file; another file there is a change as well. */
  readonly outputs: readonly string[]
  readonly name: string
  readonly folder: string
  readonly operations: number
  readonly diagnostics: readonly Diagnostic[]
}

type Asked = Pick<CompileOptions, 'document' | 'root' | 'out'> & {
  readonly lenient?: boolean
  readonly strict?: boolean
}

/**
 * Remembers compilations, so that a document of which nothing has changed is not compiled again: no input, no output, and
 * not the compiler. What is remembered is only ever compared; `--check` does not ask.
 */
export class Memory {
  readonly #folder: string
  readonly #compiler: string | undefined

  /** @param cacheFolder where the tool keeps what it can do without */
  constructor(cacheFolder: string, compiler = compilerFingerprint(cacheFolder)) {
    this.#folder = join(cacheFolder, 'compiled')
    this.#compiler = compiler
  }

  /** The result of the last compilation, where a new one would be the same. */
  recall(asked: Asked): CompileResult | undefined {
    const record = this.#read(asked)
    if (record === undefined || record.compiler !== this.#compiler) return undefined
    if (record.absent.some((path) => existsSync(path))) return undefined
    const sources = new Sources()
    for (const [file, hash] of record.inputs) {
      const text = readText(resolve(asked.root, file))
      if (text === undefined || sha256(text) !== hash) return undefined
      sources.add(file, text)
    }
    const { name, folder, diagnostics, operations, absent } = record
    if (stampsOf(folder).join('\n') !== record.outputs.join('\n')) return undefined
    const found = { name, folder, diagnostics, files: sources.files, absent, sources }
    return { ...found, service: { operations, touched: [] } }
  }

  remember(asked: Asked, result: CompileResult): void {
    const { name, folder, diagnostics, sources, service, absent } = result
    if (this.#compiler === undefined || sources === undefined || service === undefined) return
    // What hooks import is bundled, and nobody here knows what that is.
    if (sources.files.some((file) => file.endsWith('.hooks.ts'))) return
    const inputs = sources.files.map((file) => [file, sha256(readText(resolve(asked.root, file)) ?? '')] as const)
    // A file that changed while it was compiled is not what was compiled.
    if (inputs.some(([file, hash]) => sha256(sources.text(file)!) !== hash)) return
    const record: Compilation = {
      compiler: this.#compiler,
      inputs,
      absent,
      outputs: stampsOf(folder),
      name,
      folder,
      operations: service.operations,
      diagnostics,
    }
    try {
      mkdirSync(this.#folder, { recursive: true })
      const path = this.#path(asked)
      writeFileSync(`${path}.${process.pid}`, JSON.stringify(record))
      renameSync(`${path}.${process.pid}`, path)
    } catch {
      // It is compiled again, then.
    }
  }

  #read(asked: Asked): Compilation | undefined {
    const text = readText(this.#path(asked))
    try {
      return text === undefined ? undefined : (JSON.parse(text) as Compilation)
    } catch {
      return undefined
    }
  }

  #path({ root, document, out, lenient, strict }: Asked): string {
    return join(
      this.#folder,
      `${sha256(JSON.stringify([root, document, out, lenient === true, strict === true]))}.json`,
    )
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function stampsOf(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .map((path) => stampOf(path) ?? '')
    .sort()
}

import { type FSWatcher, watch } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { type Notice, printNotice } from '../core/notice.ts'
import type { Resource } from '../core/resource.ts'
import { servicePath } from '../core/service-folder.ts'
import type { ConsumerDirectory, KnownKey, KnownPassword } from './consumers.ts'
import { type ReadConsumers, readConsumers } from './read-consumers.ts'

export interface ConsumersFileOptions {
  /** Absolute, or relative to the service's folder. */
  readonly path: string
  /** Milliseconds between two looks at the file, for where the system reports no changes (network disks, bind mounts). */
  readonly pollMs?: number
  /** Milliseconds of quiet that a change must be followed by before it is read: an editor writes in several steps. */
  readonly settleMs?: number
  /** Told of every reload, and of every file that could not be used. */
  readonly notice?: (notice: Notice) => void
}

/** Bytes: about 100,000 consumers. A larger file is refused rather than read into memory. */
const largestFile = 32 * 1024 * 1024

/**
 * The consumers of a YAML file, kept up to date without a restart: the folder is watched (editors and mounted secrets
 * replace files by renaming) and the file is looked at now and then. A new file that cannot be used changes nothing:
 * it is reported, and who could call before still can, nobody else.
 */
export function consumersFile(options: ConsumersFileOptions): Resource & ConsumerDirectory {
  return new ConsumersFile(options)
}

class ConsumersFile implements Resource, ConsumerDirectory {
  readonly name: string
  readonly #path: string
  readonly #pollMs: number
  readonly #settleMs: number
  readonly #notice: (notice: Notice) => void
  #keys: ReadonlyMap<string, KnownKey> = new Map()
  #passwords: ReadonlyMap<string, readonly KnownPassword[]> = new Map()
  #certificates: ReadonlyMap<string, KnownKey> = new Map()
  /** Of the file as it was last looked at, usable or not. */
  #seen = ''
  #watcher: FSWatcher | undefined
  #poll: NodeJS.Timeout | undefined
  #settle: NodeJS.Timeout | undefined
  #reading = false
  #closed = false

  constructor({ path, pollMs = 1000, settleMs = 40, notice = printNotice }: ConsumersFileOptions) {
    this.name = `consumers file ${path}`
    this.#path = servicePath(path)
    this.#pollMs = pollMs
    this.#settleMs = settleMs
    this.#notice = notice
  }

  byDigest(digest: string): KnownKey | undefined {
    return this.#keys.get(digest)
  }

  passwordsOf(consumer: string): readonly KnownPassword[] {
    return this.#passwords.get(consumer) ?? []
  }

  byCertificate(key: string): KnownKey | undefined {
    return this.#certificates.get(key)
  }

  async start(): Promise<void> {
    const { seen, usable, faults } = await this.#read()
    if (usable === undefined) throw new Error(`${faults} (${this.#path})`)
    this.#take(usable)
    this.#seen = seen
    this.#watch()
    this.#poll = setInterval(() => void this.#look(), this.#pollMs)
    this.#poll.unref()
  }

  close(): void {
    this.#closed = true
    this.#watcher?.close()
    clearInterval(this.#poll)
    clearTimeout(this.#settle)
  }

  #watch(): void {
    try {
      this.#watcher = watch(dirname(this.#path), { persistent: false }, () => {
        clearTimeout(this.#settle)
        this.#settle = setTimeout(() => void this.#look(), this.#settleMs)
        this.#settle.unref()
      })
      // Polling goes on where watching fails (too many watches, a folder that is replaced).
      this.#watcher.on('error', () => this.#watcher?.close())
    } catch {
      this.#watcher = undefined
    }
  }

  /** Takes the file over if it has changed since it was last looked at. */
  async #look(): Promise<void> {
    if (this.#reading || this.#closed) return
    this.#reading = true
    try {
      if ((await signature(this.#path)) === this.#seen) return
      const { seen, usable, faults } = await this.#read()
      // Still being written: the next look has the whole.
      if (seen !== (await signature(this.#path)) || this.#closed) return
      this.#seen = seen
      if (usable === undefined) {
        this.#notice({ level: 'error', message: `${this.name} cannot be used and was ignored: ${faults}` })
        return
      }
      this.#take(usable)
      const { count, keys } = usable
      this.#notice({ level: 'info', message: `${this.name} was read again: ${count} consumers, ${keys.size} keys` })
    } finally {
      this.#reading = false
    }
  }

  #take({ keys, passwords, certificates }: ReadConsumers): void {
    this.#keys = keys
    this.#passwords = passwords
    this.#certificates = certificates
  }

  async #read(): Promise<{ seen: string; usable?: ReadConsumers; faults?: string }> {
    let seen = 'missing'
    try {
      seen = await signature(this.#path)
      const usable = readConsumers(await readText(this.#path))
      const { problems } = usable
      if (problems.length === 0) return { seen, usable }
      const shown = problems.slice(0, 20).map((problem) => `${basename(this.#path)}:${problem}`)
      const more = problems.length > shown.length ? [`and ${problems.length - shown.length} more`] : []
      return { seen, faults: [...shown, ...more].join('; ') }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      return { seen, faults: code === 'ENOENT' ? 'there is no such file' : (code ?? message) }
    }
  }
}

/** Changes whenever the file does: replaced by a rename, or written in place. */
async function signature(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`
  } catch {
    return 'missing'
  }
}

async function readText(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const info = await file.stat()
    if (!info.isFile()) throw new Error('it is not a file')
    if (info.size > largestFile) throw new Error(`it is larger than ${largestFile} bytes`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

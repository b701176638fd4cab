import { type Notice, printNotice } from '../core/notice.ts'
import { reject } from '../core/rejection.ts'
import type { Resource } from '../core/resource.ts'
import type { StoreScript } from '../store/store-script.ts'
import type { Listener } from '../store/subscriber.ts'
import type { ConsumerDirectory, KnownKey, KnownPassword } from './consumers.ts'
import { readRecord, readStored, type StoredConsumer, storedConsumers } from './stored-consumers.ts'

/** What is needed of a store: {@link import('../store/redis-store.ts').RedisStore} has it. */
export interface ConsumersSource {
  readonly name: string
  script(
    script: StoreScript,
    keys: readonly string[],
    args: readonly string[],
    options: { readonly timeout: number },
  ): Promise<unknown>
  subscribe(channel: string, listener: Listener): void
  onReturn(listener: () => void): void
}

export interface ConsumersStoreOptions {
  readonly store: ConsumersSource
}

/** For tests: time, and who is told. Milliseconds. */
export interface ConsumersStoreSurroundings {
  readonly now?: () => number
  readonly notice?: (notice: Notice) => void
}

/** Between two questions for changes that nobody told of. */
const pollMs = 1_000
/** All consumers may be many: longer than what requests wait for. */
const readTimeout = 5_000
/** How long a start may hold back readiness. */
const patience = 5_000
/** How long consumers that are known are believed while the store is away. */
const grace = 24 * 60 * 60_000

/**
 * The consumers of a Redis store, shared by every instance of a service: read when it starts, told of every change, and asked
 * for changes every second in case a message was lost. While the store is away who could call before still can, for a day,
 * and nobody else; where nothing was ever read, nobody can be told apart and requests are 503.
 */
export function consumersStore(
  options: ConsumersStoreOptions,
  surroundings: ConsumersStoreSurroundings = {},
): Resource & ConsumerDirectory {
  return new ConsumersStore(options, surroundings)
}

class ConsumersStore implements Resource, ConsumerDirectory {
  readonly name: string
  readonly #store: ConsumersSource
  readonly #now: () => number
  readonly #notice: (notice: Notice) => void
  readonly #consumers = new Map<string, StoredConsumer>()
  readonly #keys = new Owned()
  readonly #certificates = new Owned()
  #epoch = ''
  /** -1: nothing was ever read. */
  #version = -1
  #readAt = Number.NEGATIVE_INFINITY
  #startedAt = Number.NEGATIVE_INFINITY
  #isLost = false
  #underway: Promise<void> | undefined
  #again = false
  #poll: NodeJS.Timeout | undefined

  constructor(
    { store }: ConsumersStoreOptions,
    { now = () => performance.now(), notice = printNotice }: ConsumersStoreSurroundings,
  ) {
    this.name = `consumers in ${store.name}`
    this.#store = store
    this.#now = now
    this.#notice = notice
  }

  byDigest(digest: string): KnownKey | undefined {
    this.#demandKnowledge()
    return this.#keys.get(digest)?.known
  }

  byCertificate(key: string): KnownKey | undefined {
    this.#demandKnowledge()
    return this.#certificates.get(key)?.known
  }

  passwordsOf(consumer: string): readonly KnownPassword[] {
    this.#demandKnowledge()
    return this.#consumers.get(consumer)?.passwords ?? []
  }

  /** Waits for the first answer; a store that is not there keeps no service from starting. */
  async start(): Promise<void> {
    this.#startedAt = this.#now()
    const sync = (): void => void this.sync()
    this.#store.subscribe(storedConsumers.channel, { message: sync, gap() {}, connected: sync })
    this.#store.onReturn(sync)
    this.#poll = setInterval(sync, pollMs).unref()
    await this.sync()
  }

  ready(): boolean {
    return this.#version >= 0 || this.#now() - this.#startedAt > patience
  }

  close(): void {
    clearInterval(this.#poll)
  }

  /** Takes over what has changed. A change that is told of while one is read is read afterwards. */
  sync(): Promise<void> {
    if (this.#underway !== undefined) {
      this.#again = true
      return this.#underway
    }
    this.#underway = this.#read().finally(() => {
      this.#underway = undefined
      if (!this.#again) return
      this.#again = false
      void this.sync()
    })
    return this.#underway
  }

  #demandKnowledge(): void {
    if (this.#now() - this.#readAt < grace) return
    throw reject('service-unavailable', {
      detail: 'The credential cannot be verified at the moment.',
      headers: ['Retry-After', '1'],
      cause: `${this.name} cannot be read`,
    })
  }

  async #read(): Promise<void> {
    const { state, records, changes } = storedConsumers
    try {
      const reply = await this.#store.script(
        readStored,
        [state, records, changes],
        [this.#epoch, String(this.#version)],
        { timeout: readTimeout },
      )
      this.#take((reply as readonly unknown[]).map(String))
    } catch {
      // The store says for itself that it is away; what is known stays.
    }
  }

  #take([epoch = '', version = '0', extent, ...pairs]: readonly string[]): void {
    // An empty store where there was a full one has lost its memory: that is no word on who may call.
    if (epoch === '' && this.#epoch !== '') {
      if (!this.#isLost)
        this.#notice({ level: 'error', message: `${this.name} are lost; those known before still count` })
      this.#isLost = true
      return
    }
    this.#isLost = false
    this.#readAt = this.#now()
    if (extent === undefined) return
    const isFirst = this.#version < 0
    this.#epoch = epoch
    this.#version = Number(version)
    const found = new Map<string, string>()
    // The last change stands first, and each with the record of now.
    for (let i = 0; i < pairs.length; i += 2) found.set(pairs[i]!, pairs[i + 1]!)
    const gone = extent === 'all' ? [...this.#consumers.keys()] : [...found.keys()]
    for (const id of gone) this.#forget(id)
    for (const [id, record] of found) if (record !== '') this.#put(id, record)
    const count = this.#consumers.size
    const message = isFirst
      ? `${count} ${this.name}`
      : `${this.name} have changed: ${count} consumers, ${this.#keys.size} keys`
    this.#notice({ level: 'info', message })
  }

  #forget(id: string): void {
    const consumer = this.#consumers.get(id)
    if (consumer === undefined) return
    this.#keys.remove(id, consumer.keys)
    this.#certificates.remove(id, consumer.certificates)
    this.#consumers.delete(id)
  }

  /** A record that is wrong lets its own consumer not call, and nobody else. */
  #put(id: string, record: string): void {
    const read = readRecord(id, record)
    const problems = 'passwords' in read ? this.#strangers(read) : read
    if (problems.length > 0 || !('passwords' in read)) {
      const name = JSON.stringify(id.slice(0, 128))
      this.#notice({
        level: 'error',
        message: `${this.name}: ${name} cannot be used: ${problems.slice(0, 5).join('; ')}`,
      })
      return
    }
    this.#consumers.set(id, read)
    this.#keys.add(id, read.keys)
    this.#certificates.add(id, read.certificates)
  }

  #strangers({ keys, certificates }: StoredConsumer): readonly string[] {
    const isTaken = this.#keys.hasAny(keys) || this.#certificates.hasAny(certificates)
    return isTaken ? ['one of its keys or certificates is another consumer’s'] : []
  }
}

/** What consumers are known by, and whose each is. */
class Owned extends Map<string, { readonly owner: string; readonly known: KnownKey }> {
  add(owner: string, entries: ReadonlyMap<string, KnownKey>): void {
    for (const [name, known] of entries) this.set(name, { owner, known })
  }

  remove(owner: string, entries: ReadonlyMap<string, KnownKey>): void {
    for (const name of entries.keys()) if (this.get(name)?.owner === owner) this.delete(name)
  }

  hasAny(entries: ReadonlyMap<string, KnownKey>): boolean {
    return [...entries.keys()].some((name) => this.has(name))
  }
}

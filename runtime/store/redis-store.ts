import { Redis } from 'ioredis'
import { type Notice, printNotice } from '../core/notice.ts'
import type { Resource } from '../core/resource.ts'
import { Load } from './load.ts'
import { onceTold } from './once-told.ts'
import { StoreError, storeErrorOf } from './store-error.ts'
import type { StoreScript } from './store-script.ts'
import { type Listener, Subscriber } from './subscriber.ts'

export interface RedisStoreOptions {
  /** As the document calls it: `components.x-proxy.stores.<name>`. */
  readonly name: string
  /** The service's name: stands before every key, so that services can share a server. */
  readonly service: string
  /** `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS. A secret. */
  readonly url: string
  /** Milliseconds a command may take before its caller goes on without it. */
  readonly timeout?: number
  /** Told once when the store is lost, slow, full or refuses, and once when it is back. */
  readonly notice?: (notice: Notice) => void
}

export type Argument = string | number | Buffer

/** Of a command, where its caller does not say. A store on the same network answers within 2. */
const defaultTimeout = 100
const connectTimeout = 1_000
/** Nothing heard for so long after a command: the connection is dead. */
const deadAfter = 5_000

/**
 * One Redis 7 or Valkey server, one connection for the whole service (and one that listens, where somebody subscribes).
 * Nothing here waits for a store that is not there: commands fail at once while it is away, and within their timeout
 * while it is slow. It is looked for all the time, half a second apart at most.
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  return new RedisStore(options)
}

export class RedisStore implements Resource {
  readonly name: string
  /** What every key and channel of this service starts with. */
  readonly prefix: string
  readonly #url: string
  readonly #timeout: number
  readonly #notice: (kind: string, level: Notice['level'], message: string) => void
  readonly #load: Load
  readonly #subscriber: Subscriber
  #client: Redis | undefined
  #isConnected = false
  #isSettled = false
  #onReturn: (() => void)[] = []
  #onLoss: (() => void)[] = []

  constructor({ name, service, url, timeout = defaultTimeout, notice = printNotice }: RedisStoreOptions) {
    this.name = `store ${name}`
    this.prefix = `specgate:${service}:`
    this.#url = url
    this.#timeout = timeout
    this.#notice = onceTold(notice, (message) => `${this.name}: ${message}`)
    this.#load = new Load({
      ping: () => this.#client!.ping(),
      timeout,
      onSlow: () => {
        this.#notice('slow', 'warn', 'is slow; going on without it')
        for (const listener of this.#onLoss) listener()
      },
      onBack: () => this.#back(),
    })
    this.#subscriber = new Subscriber()
  }

  /** Whether commands have a chance now. */
  get isUp(): boolean {
    return this.#isConnected && !this.#load.isSlow
  }

  /** Waits for the first attempt to connect; a store that is not there keeps no service from starting. */
  async start(): Promise<void> {
    if (!/^rediss?:\/\//.test(this.#url) || !URL.canParse(this.#url)) {
      throw new Error('its url must look like redis://host:6379 or rediss://host:6379')
    }
    const client = new Redis(this.#url, {
      lazyConnect: true,
      connectTimeout,
      socketTimeout: deadAfter,
      // Whoever asks goes on without the store rather than wait for it.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy: (times) => Math.min(50 * times, 400) + Math.random() * 100,
      protocol: 2,
      connectionName: 'specgate',
      disableClientInfo: true,
    })
    this.#client = client
    client.on('ready', () => {
      this.#isConnected = true
      if (!this.#load.isSlow) this.#back()
    })
    client.on('close', () => {
      if (!this.#isConnected) return
      this.#notice('down', 'error', 'the connection is lost; going on without it')
      this.#isConnected = false
      for (const listener of this.#onLoss) listener()
    })
    client.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code ?? storeErrorOf(error).kind
      if (!this.#isConnected) this.#notice('down', 'error', `cannot be reached (${why}); going on without it`)
    })
    this.#subscriber.start(client)
    // An attempt that fails goes on behind the service's back.
    await client.connect().catch(() => {})
    this.#isSettled = true
  }

  ready(): boolean {
    return this.#isSettled
  }

  close(): void {
    this.#isConnected = false
    this.#subscriber.close()
    this.#client?.disconnect()
  }

  /**
   * One command, its reply as text, numbers, null and lists of them.
   * @param timeout milliseconds
   * @throws StoreError
   */
  command(name: string, args: readonly Argument[], timeout: number = this.#timeout): Promise<unknown> {
    return this.#send(() => this.#client!.call(name, args as Argument[]), args, timeout)
  }

  /** The same, text as bytes. */
  bytes(name: string, args: readonly Argument[], timeout: number = this.#timeout): Promise<unknown> {
    return this.#send(() => this.#client!.callBuffer(name, args as Argument[]), args, timeout)
  }

  /**
   * A script, by its digest; sent whole where the server does not have it (EVALSHA, EVAL). Atomic.
   * @param keys without the prefix: it is put before them
   * @returns numbers, lists, null, and text as Buffers where `binary`
   */
  async script(
    { source, sha }: StoreScript,
    keys: readonly string[],
    args: readonly Argument[],
    { timeout = this.#timeout, binary = false }: { readonly timeout?: number; readonly binary?: boolean } = {},
  ): Promise<unknown> {
    const rest = [keys.length, ...keys.map((key) => this.prefix + key), ...args]
    const send = (command: string, first: string): Promise<unknown> =>
      binary ? this.bytes(command, [first, ...rest], timeout) : this.command(command, [first, ...rest], timeout)
    try {
      return await send('EVALSHA', sha)
    } catch (error) {
      if (!(error instanceof StoreError) || error.kind !== 'no-script') throw error
      return await send('EVAL', source)
    }
  }

  /** Hears what is published on a channel, from now on or from the start. @param channel without the prefix */
  subscribe(channel: string, listener: Listener): void {
    this.#subscriber.add(this.prefix + channel, listener)
  }

  /** Called whenever the store can be used again, the first time included. */
  onReturn(listener: () => void): void {
    this.#onReturn.push(listener)
  }

  /** Called whenever it cannot be used any more: the connection is lost, or too slow. */
  onLoss(listener: () => void): void {
    this.#onLoss.push(listener)
  }

  async #send(call: () => Promise<unknown>, args: readonly Argument[], timeout: number): Promise<unknown> {
    if (!this.#isConnected) throw new StoreError('down')
    const size = this.#load.enter(args)
    const reply = call()
    try {
      return await this.#load.within(reply, size, timeout)
    } catch (error) {
      const failure = storeErrorOf(error)
      if (failure.kind === 'full') this.#notice('full', 'warn', 'is full; nothing more is kept in it')
      if (failure.kind === 'refused') this.#notice('refused', 'error', `refuses a command: ${failure.reply}`)
      throw failure
    }
  }

  #back(): void {
    this.#notice('back', 'info', 'is connected')
    for (const listener of this.#onReturn) listener()
  }
}

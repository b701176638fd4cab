import type { Redis } from 'ioredis'

/** Who listens to a channel. */
export interface Listener {
  message(text: string): void
  /** From now on messages may be missed; `connected` follows once they are heard again. */
  gap(): void
  connected(): void
}

/** Milliseconds between two signs of life of the connection that listens, and how long one may take. */
const beat = 300

/** The connection that listens to channels; made when the first listener is there. */
export class Subscriber {
  readonly #listeners = new Map<string, Listener[]>()
  #client: Redis | undefined
  #connection: Redis | undefined
  #isHearing = false
  #timer: NodeJS.Timeout | undefined

  /** @param client whose server and options are used */
  start(client: Redis): void {
    this.#client = client
    if (this.#listeners.size > 0) this.#connect()
  }

  add(channel: string, listener: Listener): void {
    this.#listeners.set(channel, [...(this.#listeners.get(channel) ?? []), listener])
    if (this.#client !== undefined && this.#connection === undefined) this.#connect()
    else if (this.#isHearing) void this.#listen()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#connection?.disconnect()
  }

  #connect(): void {
    const connection = this.#client!.duplicate({ autoResubscribe: false, connectionName: 'specgate-listener' })
    this.#connection = connection
    // A dead connection shows itself by silence.
    connection.on('error', () => {})
    connection.on('ready', () => void this.#listen())
    connection.on('close', () => this.#lost())
    connection.on('message', (channel: string, text: string) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener.message(text)
    })
    this.#timer = setInterval(() => void this.#check(), beat).unref()
    connection.connect().catch(() => {})
  }

  async #listen(): Promise<void> {
    try {
      await this.#connection!.subscribe(...this.#listeners.keys())
    } catch {
      return // closed meanwhile: `ready` comes again
    }
    if (this.#isHearing) return
    this.#isHearing = true
    for (const listener of [...this.#listeners.values()].flat()) listener.connected()
  }

  #lost(): void {
    if (!this.#isHearing) return
    this.#isHearing = false
    for (const listener of [...this.#listeners.values()].flat()) listener.gap()
  }

  /** A connection that does not answer within a beat hears nothing either. */
  async #check(): Promise<void> {
    if (!this.#isHearing) return
    const connection = this.#connection!
    let isBack = false
    const giveUp = (): void => {
      if (isBack) return
      this.#lost()
      connection.disconnect(true)
    }
    // Where this process was the slow one, the answer is there already and is read before that.
    const late = setTimeout(() => setImmediate(giveUp), beat - 50)
    await connection.ping().catch(() => {})
    isBack = true
    clearTimeout(late)
  }
}

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Argument } from '../../store/redis-store.ts'
import type { StoreScript } from '../../store/store-script.ts'
import type { Bucket, Entry, Fetch } from './bucket.ts'
import type { CacheStore } from './cache-store.ts'
import type { Look } from './look.ts'
import { everything, type Mark, type Purge } from './marks.ts'
import { Outbox } from './outbox.ts'
import { read, written } from './stored-form.ts'
import { staled } from './stored-response.ts'
import { allMarks, type Stamps, type Tier } from './tier.ts'
import { entryKey, groupKey, newId, stayOf, versionKey, versionStay } from './tier-keys.ts'
import { readScript, saveScript, takeBackScript } from './tier-scripts.ts'
import { selectingKey } from './vary.ts'

/** What of a store the cache needs: {@link import('../../store/redis-store.ts').RedisStore}. */
export interface SharedStore {
  readonly prefix: string
  readonly isUp: boolean
  script(
    script: StoreScript,
    keys: readonly string[],
    args: readonly Argument[],
    options?: { readonly timeout?: number; readonly binary?: boolean },
  ): Promise<unknown>
  command(name: string, args: readonly Argument[], timeout?: number): Promise<unknown>
  subscribe(channel: string, listener: { message(text: string): void; gap(): void; connected(): void }): void
  onReturn(listener: () => void): void
  onLoss(listener: () => void): void
}

const channel = 'cache'
/** How long it takes until every instance has noticed that the store is gone: two beats of its listener, in ms. */
const noticing = 600
/** After a loss others may still have to tell of changes: nothing is used before they have had the time, in ms. */
const settling = 1_500

/**
 * Entries, variants and tags in Redis; memory in front of it holds only what this instance has used, and only while it hears
 * what others take back. Whatever fails is as if nothing were stored.
 */
export class RedisTier implements Tier {
  readonly #memory: CacheStore
  readonly #store: SharedStore
  readonly #outbox: Outbox
  readonly #loads = new Set<Set<Mark>>()
  /** Tells our own messages from those of others. */
  readonly #id = randomBytes(9).toString('base64url')
  #isHearing = false
  #usableFrom = 0
  /** When the loss was noticed here, while it lasts. */
  #lostAt: number | undefined
  /** Reads and writes that were not done. */
  errors = 0

  constructor(store: SharedStore, memory: CacheStore) {
    this.#store = store
    this.#memory = memory
    this.#outbox = new Outbox((marks, how) => this.#takeBack(marks, how))
    store.onReturn(() => {
      this.#settle()
      void this.#outbox.send()
    })
    // Others may have changes that they cannot tell us of either.
    store.onLoss(() => this.#cutOff())
    store.subscribe(channel, {
      message: (text) => this.#hear(text),
      gap: () => {
        this.#isHearing = false
        this.#cutOff()
      },
      connected: () => {
        this.#isHearing = true
        this.#settle()
      },
    })
  }

  #cutOff(): void {
    this.#lostAt ??= performance.now()
    this.#usableFrom = Infinity
    this.#forget([everything], 'hard')
  }

  /** Back after a loss, on both connections. */
  #settle(): void {
    const isBack = this.#isHearing && this.#store.isUp
    if (isBack) this.#lostAt = undefined
    if (isBack && this.#usableFrom !== 0) this.#usableFrom = performance.now() + settling
  }

  get #isUsable(): boolean {
    return this.#isHearing && this.#store.isUp && !this.#outbox.isStuck && performance.now() >= this.#usableFrom
  }

  async load(look: Look, bucket: Bucket, fetch: Fetch): Promise<Stamps | undefined> {
    if (!this.#isUsable) return this.#failed()
    const moved = new Set<Mark>()
    this.#loads.add(moved)
    try {
      const marks = allMarks(look, fetch.marks)
      const first = await this.#read(look, bucket, marks, [[]], moved)
      const others = first.groups.filter((names) => names.length > 0)
      if (others.length > 0) await this.#read(look, bucket, [], others, moved)
      return first.stamps
    } catch {
      return this.#failed()
    } finally {
      this.#loads.delete(moved)
    }
  }

  async #read(look: Look, bucket: Bucket, marks: Mark[], groups: string[][], moved: ReadonlySet<Mark>) {
    const { audiences } = look.caller
    const entries = groups.flatMap((names) =>
      audiences.map((audience) => entryKey(bucket, names, audience, selectingKey(names, look.exchange.headers))),
    )
    const keys = [groupKey(bucket), ...(marks.length === 0 ? [everything] : marks).map(versionKey), ...entries]
    const reply = await this.#store.script(readScript, keys, [Math.max(1, marks.length)], { binary: true })
    const [names, versions, ...found] = reply as [Buffer[], (Buffer | null)[], ...([Buffer, Buffer, Buffer] | null)[]]
    for (const one of found) if (one !== null) this.#adopt(look, bucket, one, moved)
    return {
      groups: names.map((name) =>
        String(name)
          .split(',')
          .filter((part) => part !== ''),
      ),
      stamps: new Map(marks.map((mark, i) => [mark, String(versions[i] ?? '')])),
    }
  }

  #adopt(look: Look, bucket: Bucket, [since, head, body]: [Buffer, Buffer, Buffer], moved: ReadonlySet<Mark>): void {
    const found = read(String(head), body)
    if (found === undefined || !look.caller.audiences.includes(found.place.audience)) return
    // What was taken back while the reply was on its way.
    if (!this.#isHearing || allMarks(look, found.place.marks).some((mark) => moved.has(mark))) return
    const { response, place } = found
    this.#memory.adopt(bucket, since.length === 0 ? response : staled(response, Number(since)), place)
  }

  save(entry: Entry, stamps: Stamps, grace: number): void {
    // A validated answer keeps the tags it was stored with: it must be found by all of them.
    if (entry.marks.some((mark) => !stamps.has(mark))) {
      this.drop(entry)
      return
    }
    const { response, bucket, names } = entry
    const text = written(response, entry)
    const stay = stayOf(entry, grace)
    if (text === undefined || stay <= 0) return
    const marks = [...stamps.keys()]
    const key = entryKey(bucket, names, entry.audience, entry.variant)
    const keys = [key, groupKey(bucket), ...marks.map(versionKey)]
    const version = `${newId()}..0`
    const args = [stay, names.join(), text, response.body, version, versionStay, ...stamps.values()]
    this.#store.script(saveScript, keys, args).catch(() => this.#failed())
  }

  drop(entry: Entry): void {
    const key = this.#store.prefix + entryKey(entry.bucket, entry.names, entry.audience, entry.variant)
    this.#store.command('DEL', [key]).catch(() => this.#failed())
  }

  async tell(marks: readonly Mark[], how: Purge): Promise<void> {
    this.#outbox.add(marks, how)
    await this.#outbox.send()
    if (!this.#outbox.isStuck) return
    this.#failed()
    // Who cannot be told notices the loss as well, and forgets everything: only then is the change one for all.
    const left = (this.#lostAt ?? performance.now()) + noticing - performance.now()
    if (left > 0) await sleep(left)
  }

  async #takeBack(marks: readonly Mark[], how: Purge): Promise<void> {
    const message = JSON.stringify({ from: this.#id, marks, how })
    const args = [newId(), versionStay, `${this.#store.prefix}${channel}`, message, how]
    await this.#store.script(takeBackScript, marks.map(versionKey), args)
  }

  #hear(text: string): void {
    const { from, marks, how } = JSON.parse(text) as { from: string; marks: Mark[]; how: Purge }
    // Our own changes were made here before they were told.
    if (from !== this.#id) this.#forget(marks, how)
  }

  #forget(marks: readonly Mark[], how: Purge): void {
    for (const moved of this.#loads) for (const mark of marks) moved.add(mark)
    this.#memory.takeBack(marks, how)
  }

  #failed(): undefined {
    this.errors++
    return undefined
  }
}

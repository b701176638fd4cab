import { hash, randomUUID } from 'node:crypto'
import { calendarClock } from '../limits/calendar-clock.ts'
import type { RedisStore } from '../store/redis-store.ts'
import { StoreError } from '../store/store-error.ts'
import { MemoryTally } from './memory-tally.ts'
import { liftScript, listScript, noteScript } from './redis-tally-scripts.ts'
import { longestOf, type Noted, rememberedFor, type Suspension, type Tally, type TallyListener } from './suspension.ts'

/** A suspension on its way between instances, whose clocks may differ: how long it lasts from now, in ms. */
interface Sent extends Omit<Suspension, 'until'> {
  readonly lasts: number
}

const channel = 'blocks:news'
/** Where suspensions are, until when each is remembered, and where news of them are told. */
const keys = ['blocks', 'blocks:until', channel]
/** Suspensions that are remembered at once; beyond that those that would be forgotten first are. */
const most = 100_000
/** Values that need not be told the store again so soon. */
const mostTold = 50_000

/**
 * Signals are counted in Redis and suspensions kept there, so that they hold for all instances, and outlive them. While it
 * is lost each instance counts for itself.
 */
export function redisTally(store: RedisStore, now: () => number = calendarClock()): Tally {
  const own = new MemoryTally(now)
  const suspensionOf = ({ lasts, ...rest }: Sent): Suspension => ({ ...rest, until: now() + lasts })
  /** Values of path parameters by when the store was last told. */
  const told = new Map<string, number>()
  const isNews = (noted: Noted): boolean => {
    if (noted.place === undefined) return true
    const [key, at] = [keyOf(noted), now()]
    if (at - (told.get(key) ?? -Infinity) < noted.rule.windowMs / 4) return false
    if (told.size >= mostTold) told.clear()
    told.set(key, at)
    return true
  }
  const load = async (listener: TallyListener): Promise<void> => {
    const sent = (await store.script(listScript, keys, [])) as string[]
    listener.lifted(undefined)
    for (const text of sent) listener.suspended(suspensionOf(JSON.parse(text) as Sent))
    for (const suspension of own.list()) listener.suspended(suspension)
  }
  return {
    async note(noted) {
      const { rule, subject, signal, value = randomUUID() } = noted
      if (!isNews(noted)) return undefined
      const times = [rule.count, rule.windowMs, rule.forMs, longestOf(rule.forMs), rememberedFor]
      try {
        const args = [...times, subject, signal, value, most]
        const text = (await store.script(noteScript, [...keys, counterOf(noted)], args)) as string | null
        return text === null ? undefined : suspensionOf(JSON.parse(text) as Sent)
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        told.delete(keyOf(noted))
        return own.note(noted)
      }
    },
    async lift(subject) {
      own.lift(subject)
      await store.script(liftScript, keys, subject === undefined ? [] : [subject])
    },
    async listen(listener) {
      store.subscribe(channel, {
        message(text) {
          const news = JSON.parse(text) as Sent | { readonly lifted: string | null }
          if ('lifted' in news) listener.lifted(news.lifted ?? undefined)
          else listener.suspended(suspensionOf(news))
        },
        gap() {},
        // What happened meanwhile is read there.
        connected: () => void load(listener).catch(() => {}),
      })
      await load(listener).catch(() => {})
    },
  }
}

function keyOf({ subject, place, value }: Noted): string {
  return `${subject} ${place} ${value}`
}

function counterOf({ signal, subject, place }: Noted): string {
  return `signals:${signal}:${hash('sha256', `${subject} ${place ?? ''}`, 'base64url').slice(0, 22)}`
}

import { randomUUID } from 'node:crypto'
import type { RedisStore } from '../store/redis-store.ts'
import { storeScript } from '../store/store-script.ts'
import type { Lease, LeaseStore } from './lease-store.ts'

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

/** KEYS: where places are kept, by the moment they come back; ARGV: most of them, a place, ms. */
const acquire = storeScript(`${now}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1`)

/** KEYS: one for each place; ARGV: ms, then the places. A store that has lost them learns of them anew. */
const renew = storeScript(`${now}
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, now + ARGV[1], ARGV[i + 1])
  redis.call('PEXPIRE', key, ARGV[1])
end
return 1`)

const release = storeScript(`return redis.call('ZREM', KEYS[1], ARGV[1])`)

/** Milliseconds until the places of a process that has died come back. */
const defaultLease = 15_000
/** Places that one script renews. */
const together = 500

/** Places in Redis: leases by the store's clock, renewed while they are held. @param leaseMs for tests */
export function redisLeases(store: RedisStore, leaseMs: number = defaultLease): LeaseStore {
  const held = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined
  const renewAll = async (): Promise<void> => {
    const places = [...held]
    for (let i = 0; i < places.length; i += together) {
      // Places released meanwhile are not asked for again: that would hold them for nobody.
      const some = places.slice(i, i + together).filter(([place]) => held.has(place))
      const keys = some.map(([, key]) => key)
      const args = [leaseMs, ...some.map(([place]) => place)]
      // One that cannot be renewed now may be next time.
      if (some.length > 0) await store.script(renew, keys, args).catch(() => {})
    }
  }
  const hold = (place: string, key: string): void => {
    held.set(place, key)
    timer ??= setInterval(() => void renewAll(), leaseMs / 3).unref()
  }
  return {
    async acquire(caller, max) {
      const key = `places:${caller}`
      const place = randomUUID()
      const drop = (): void => void store.script(release, [key], [place]).catch(() => {})
      let isGiven: boolean
      try {
        isGiven = (await store.script(acquire, [key], [max, place, leaseMs])) === 1
      } catch (error) {
        // It may have been given all the same.
        drop()
        throw error
      }
      if (!isGiven) return undefined
      hold(place, key)
      const lease: Lease = {
        release() {
          if (!held.delete(place)) return
          if (held.size === 0) {
            clearInterval(timer)
            timer = undefined
          }
          drop()
        },
      }
      return lease
    },
  }
}

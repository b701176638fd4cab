import { hash } from 'node:crypto'
import type { RedisStore } from '../../store/redis-store.ts'
import { type StoreScript, storeScript } from '../../store/store-script.ts'
import type { Rate, Ruling } from './algorithm.ts'

/** Counts that all instances of a service share: each ruling is one script, so one round trip, by the store's clock. */
export interface SharedCount {
  /** @throws StoreError */
  take(caller: string, rate: SharedRate): Promise<SharedRuling>
  giveBack(caller: string, rate: SharedRate, ruling: SharedRuling): Promise<unknown>
}

export interface SharedRate extends Rate {
  readonly cost: number
  readonly burst?: number
}

export interface SharedRuling extends Ruling {
  /** Where it was counted, to take it back. */
  readonly slot: number
}

export type SharedAlgorithm = 'sliding-window' | 'token-bucket' | 'fixed-window'

// KEYS[1]: the caller; ARGV: quota, window in ms, cost, burst. They give: admitted, units left, ms, slot.
const clock = `
local quota, window, cost, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

const scripts: Readonly<Record<SharedAlgorithm, { readonly take: StoreScript; readonly giveBack: StoreScript }>> = {
  'fixed-window': {
    take: storeScript(`${clock}
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local left = redis.call('PTTL', KEYS[1])
if left < 0 then left = window end
if used + cost > quota then return { 0, math.max(0, quota - used), left, 0 } end
if used == 0 then redis.call('SET', KEYS[1], cost, 'PX', left) else redis.call('INCRBY', KEYS[1], cost) end
return { 1, quota - used - cost, left, 0 }`),
    giveBack: storeScript(
      `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECRBY', KEYS[1], ARGV[1]) end return 1`,
    ),
  },
  // A hundredth of a window is counted together, and counts until a window after its end: never more than the quota in any span.
  'sliding-window': {
    take: storeScript(`${clock}
local span = window / 100
local slot = math.floor(now / span)
local all, slots, gone, used = redis.call('HGETALL', KEYS[1]), {}, {}, 0
for i = 1, #all, 2 do
  local at, count = tonumber(all[i]), tonumber(all[i + 1])
  if (at + 1) * span + window <= now then gone[#gone + 1] = all[i]
  else slots[#slots + 1] = { at, count } used = used + count end
end
if #gone > 0 then redis.call('HDEL', KEYS[1], unpack(gone)) end
local admitted = used + cost <= quota
local wanted = used + cost - quota
if admitted then
  redis.call('HINCRBY', KEYS[1], string.format('%d', slot), cost)
  redis.call('PEXPIRE', KEYS[1], math.ceil(window + span))
  slots[#slots + 1] = { slot, cost }
  used, wanted = used + cost, 1
end
table.sort(slots, function(a, b) return a[1] < b[1] end)
local back, wait = 0, window
for _, one in ipairs(slots) do
  back = back + one[2]
  wait = (one[1] + 1) * span + window - now
  if back >= wanted then break end
end
return { admitted and 1 or 0, math.max(0, quota - used), math.ceil(wait), slot }`),
    giveBack: storeScript(`
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then redis.call('HINCRBY', KEYS[1], ARGV[2], -ARGV[1]) end return 1`),
  },
  'token-bucket': {
    take: storeScript(`${clock}
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local rate = quota / window
local tokens = burst
if kept[1] then tokens = math.min(burst, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * rate) end
local admitted = tokens + 0.000001 >= cost
if admitted then tokens = math.max(0, tokens - cost) end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.9f', tokens), 'at', string.format('%d', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate) + 1)
local wait = ((admitted and burst or cost) - tokens) / rate
return { admitted and 1 or 0, math.floor(tokens + 0.000001), math.ceil(wait), 0 }`),
    giveBack: storeScript(`
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HINCRBYFLOAT', KEYS[1], 'tokens', ARGV[1]) end return 1`),
  },
}

/** @param id tells this limit from all others of the service */
export function sharedCount(store: RedisStore, id: string, algorithm: SharedAlgorithm): SharedCount {
  const { take, giveBack } = scripts[algorithm]
  // Names of callers may be long, and are nobody's business in a store.
  const keyOf = (caller: string): string[] => [`limit:${id}:${hash('sha256', caller, 'base64url').slice(0, 22)}`]
  return {
    async take(caller, { quota, windowMs, cost, burst = quota }) {
      const reply = (await store.script(take, keyOf(caller), [quota, windowMs, cost, burst])) as number[]
      const [admitted, remaining, effectiveMs, slot] = reply as [number, number, number, number]
      return { admitted: admitted === 1, remaining, effectiveMs, slot }
    },
    giveBack: (caller, { cost }, { slot }) => store.script(giveBack, keyOf(caller), [cost, slot]),
  }
}

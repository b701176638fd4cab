import { type StoreScript, storeScript } from '../store/store-script.ts'
import { asMaps } from './as-maps.ts'
import { readConsumer } from './consumer-record.ts'
import type { KnownKey, KnownPassword } from './consumers.ts'

/**
 * How consumers lie in a Redis store, under the service's prefix. `specgate keys` writes them.
 *
 * - `records`: a hash, a consumer's id → the consumer as JSON, as it stands in a consumers file;
 * - `state`: a hash with `epoch`, a random name that a new store gets anew, and `version`, one more with every change;
 * - `changes`: a list of the ids that were changed, the last one first, one for each version;
 * - `channel`: told of every change.
 */
export const storedConsumers = {
  records: 'consumers',
  state: 'consumers:state',
  changes: 'consumers:changes',
  channel: 'consumers:changed',
} as const

export type StoredConsumers = typeof storedConsumers

/**
 * Gives epoch and version, and what is new since those that are known: nothing, `some` with the changed records, or `all` of
 * them. KEYS state records changes · ARGV epoch version
 */
export const readStored: StoreScript = storeScript(`local state = redis.call('HMGET', KEYS[1], 'epoch', 'version')
local epoch, version = state[1] or '', state[2] or '0'
if epoch == ARGV[1] then
  local behind = tonumber(version) - tonumber(ARGV[2])
  if behind == 0 then return {epoch, version} end
  if epoch ~= '' and behind > 0 and behind <= 200 and behind <= redis.call('LLEN', KEYS[3]) then
    local some = {epoch, version, 'some'}
    for _, id in ipairs(redis.call('LRANGE', KEYS[3], 0, behind - 1)) do
      some[#some + 1] = id
      some[#some + 1] = redis.call('HGET', KEYS[2], id) or ''
    end
    return some
  end
end
local all = redis.call('HGETALL', KEYS[2])
table.insert(all, 1, 'all')
table.insert(all, 1, version)
table.insert(all, 1, epoch)
return all`)

/** A consumer of a store, ready to be looked up. */
export interface StoredConsumer {
  readonly keys: ReadonlyMap<string, KnownKey>
  readonly passwords: readonly KnownPassword[]
  readonly certificates: ReadonlyMap<string, KnownKey>
}

/** Characters of a record. */
const longest = 64 * 1024

/** Reads a record. @returns the sentences of what is wrong with it; nothing of a record that is wrong may be used */
export function readRecord(id: string, record: string): StoredConsumer | readonly string[] {
  if (record.length > longest) return [`it is longer than ${longest} characters`]
  let value: unknown
  try {
    value = asMaps(JSON.parse(record))
  } catch {
    return ['it is no JSON']
  }
  const keys = new Map<string, KnownKey>()
  const passwords = new Map<string, readonly KnownPassword[]>()
  const certificates = new Map<string, KnownKey>()
  const problems: string[] = []
  readConsumer(id, value, {
    keys,
    passwords,
    certificates,
    ids: new Set(),
    note: (path, sentence) => problems.push(`${path.slice(2).join('.')}: ${sentence}`),
  })
  return problems.length > 0 ? problems : { keys, passwords: passwords.get(id) ?? [], certificates }
}

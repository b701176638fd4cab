import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { Document } from 'yaml'
import type { StoredConsumers } from '../../runtime/identity/stored-consumers.ts'
import { KeysError, type KeysPlace } from './keys-place.ts'

/** As services read it: {@link StoredConsumers} says what each holds. */
const names: StoredConsumers = {
  records: 'consumers',
  state: 'consumers:state',
  changes: 'consumers:changes',
  channel: 'consumers:changed',
}

const readScript = `local state = redis.call('HMGET', KEYS[1], 'epoch', 'version')
return {state[1] or '', state[2] or '0', redis.call('HGETALL', KEYS[2])}`

/**
 * Keeps changed records, unless somebody else changed any meanwhile; tells the services.
 * KEYS state records changes · ARGV epoch version new-epoch channel, then id and record ('' to remove it)
 */
const writeScript = `local state = redis.call('HMGET', KEYS[1], 'epoch', 'version')
local version = state[2] or '0'
if (state[1] or '') ~= ARGV[1] or version ~= ARGV[2] then return 0 end
if ARGV[1] == '' then redis.call('HSET', KEYS[1], 'epoch', ARGV[3]) end
for i = 5, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[2], ARGV[i])
  else redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
  redis.call('LPUSH', KEYS[3], ARGV[i])
  version = redis.call('HINCRBY', KEYS[1], 'version', 1)
end
redis.call('LTRIM', KEYS[3], 0, 999)
redis.call('PUBLISH', ARGV[4], version)
return 1`

interface Stored {
  readonly epoch: string
  readonly version: string
  readonly document: Document
  /** As they lie there, by id. */
  readonly records: ReadonlyMap<string, string>
}

/**
 * The consumers of a Redis store, as the instances of a service read them. A change counts for all of them at once.
 * @param url `redis://…` or `rediss://…`
 */
export function keysStore(url: string, service: string): KeysPlace {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    throw new KeysError('The store must look like redis://host:6379 or rediss://host:6379.')
  }
  const prefix = `specgate:${service}:`
  const places = [names.state, names.records, names.changes].map((name) => prefix + name)
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  })
  let lost: string | undefined
  client.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    lost = code ?? message
  })

  const run = async (script: string, args: readonly string[]): Promise<unknown> => {
    try {
      if (client.status === 'wait') await client.connect()
      return await client.eval(script, places.length, ...places, ...args)
    } catch (error) {
      throw new KeysError(`The store cannot be used: ${lost ?? (error as Error).message}.`)
    }
  }
  const read = async (): Promise<Stored> => {
    const [epoch, version, pairs] = (await run(readScript, [])) as [string, string, string[]]
    const records = new Map<string, string>()
    for (let i = 0; i < pairs.length; i += 2) records.set(pairs[i]!, pairs[i + 1]!)
    const consumers = Object.fromEntries([...records].sort().map(([id, record]) => [id, parsed(id, record)]))
    return { epoch, version, document: new Document({ consumers }), records }
  }
  return {
    name: `the store of ${service}`,
    read: async () => (await read()).document,
    async change(edit) {
      for (let attempt = 0; attempt < 5; attempt++) {
        const { epoch, version, document, records } = await read()
        edit(document)
        const changes = changesOf(document, records)
        if (changes.length === 0) return
        const fresh = randomBytes(12).toString('hex')
        const args = [epoch, version, fresh, prefix + names.channel, ...changes]
        if ((await run(writeScript, args)) === 1) return
      }
      throw new KeysError('The store keeps changing; try again.')
    },
    close: () => client.disconnect(),
  }
}

function parsed(id: string, record: string): unknown {
  try {
    return JSON.parse(record)
  } catch {
    throw new KeysError(`The record of ${JSON.stringify(id)} in the store is no JSON.`)
  }
}

/** Ids with their records, flat; '' for those that are gone. */
function changesOf(document: Document, before: ReadonlyMap<string, string>): string[] {
  const { consumers = {} } = document.toJS() as { consumers?: Readonly<Record<string, unknown>> }
  const after = new Map(Object.entries(consumers ?? {}).map(([id, value]) => [id, JSON.stringify(value ?? {})]))
  const changed = [...after].filter(([id, record]) => record !== before.get(id))
  const gone = [...before.keys()].filter((id) => !after.has(id))
  return [...changed.flat(), ...gone.flatMap((id) => [id, ''])]
}

import type { RedisStore, redisStore } from '../../runtime/store/redis-store.ts'
import { member } from '../model/json.ts'
import type { Reference } from '../model/service-plan.ts'
import type { Scope } from './define.ts'

/**
 * The connection to a store of `components.x-proxy.stores`, one for the service however many policies ask for it.
 * @param name as the author wrote it in a policy's `store`; undeclared ones were reported when names were checked
 * @returns undefined where state stays in the process's memory: nothing is written, or a store of `type: memory`
 */
export function redisStoreOf(name: string | undefined, scope: Scope): Reference<RedisStore> | undefined {
  const store = scope.node.tree.root.path('components', 'x-proxy', 'stores')?.at(name ?? 'memory')?.value
  const url = member(store, 'url')
  if (name === undefined || member(store, 'type') !== 'redis' || typeof url !== 'string') return undefined
  return scope.instance<typeof redisStore>(`${name} store`, {
    module: 'store/redis-store',
    export: 'redisStore',
    args: [{ name, service: scope.service, url: scope.setting(url, `the address of the store "${name}"`) }],
    about: `The store "${name}".`,
    resource: true,
  })
}

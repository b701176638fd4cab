import type { cacheStore, sharedCacheStore } from '../../runtime/policies/cache/cache.ts'
import { member } from '../model/json.ts'
import type { Reference } from '../model/service-plan.ts'
import type { Scope } from './define.ts'
import { redisStoreOf } from './store.ts'
import { bytes } from './units.ts'

/** What is stored of answers, one for the service: an operation may change what another has stored. */
export function responsesOf(scope: Scope): Reference<ReturnType<typeof cacheStore>> {
  const service = scope.node.tree.root.path('x-proxy', 'cache')?.value
  const [written, name] = [member(service, 'maxBytes'), member(service, 'store')]
  const maxBytes = bytes(typeof written === 'string' ? written : '64MiB')
  const store = redisStoreOf(typeof name === 'string' ? name : undefined, scope)
  const about = 'Stored responses, one store for the service.'
  if (store === undefined) {
    return scope.instance<typeof cacheStore>('responses', {
      module: 'policies/cache',
      export: 'cacheStore',
      args: [{ maxBytes }],
      about,
      resource: true,
    })
  }
  return scope.instance<typeof sharedCacheStore>('responses', {
    module: 'policies/cache',
    export: 'sharedCacheStore',
    args: [{ maxBytes, store }],
    about,
    resource: true,
  })
}

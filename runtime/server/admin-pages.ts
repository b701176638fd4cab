import type { Resource } from '../core/resource.ts'
import { type AdminActions, type AdminPages, json } from './admin-server.ts'
import { type Blocks, blockActions, blockPages } from './blocks.ts'
import type { Metrics } from './metrics.ts'
import { type Purgeable, purgeAction } from './purge.ts'

export interface AdminOptions {
  readonly host?: string
  readonly port?: number | string
  readonly metrics?: boolean
  /** Stored answers that `POST /cache/purge` takes back; there is no such address without it. */
  readonly purge?: Purgeable
  /** Suspensions that `/blocks` shows and `POST /blocks/lift` lifts. */
  readonly blocks?: Blocks
}

/** What the admin listener shows: whether the service lives, whether traffic may come, and its numbers. */
export function adminPages(
  resources: readonly Resource[],
  isDraining: () => boolean,
  metrics: Metrics | undefined,
  admin?: AdminOptions,
): AdminPages {
  return {
    ...blockPages(admin?.blocks),
    '/health/live': () => json(200, { status: 'live' }),
    '/health/ready': () => {
      const waiting = resources.filter((resource) => resource.ready?.() === false).map((resource) => resource.name)
      if (isDraining()) return json(503, { status: 'draining' })
      return waiting.length > 0 ? json(503, { status: 'waiting', for: waiting }) : json(200, { status: 'ready' })
    },
    ...(metrics === undefined ? {} : { '/metrics': async () => ({ status: 200, ...(await metrics.text()) }) }),
  }
}

/** What it lets people do. */
export function adminActions(admin: AdminOptions | undefined): AdminActions {
  return {
    ...(admin?.purge === undefined ? {} : { '/cache/purge': purgeAction(admin.purge) }),
    ...blockActions(admin?.blocks),
  }
}

import type { Answer } from '../core/answer.ts'
import type { Exchange, OperationInfo } from '../core/exchange.ts'
import type { Destination } from '../core/operation.ts'
import type { Next } from '../core/policy.ts'
import { reject } from '../core/rejection.ts'
import type { Resource } from '../core/resource.ts'
import type { Outgoing, UpstreamAuth } from './auth/upstream-credential.ts'
import { balance } from './balance.ts'
import { Call } from './call.ts'
import type { HealthCheck, Watch } from './health-check.ts'
import type { UpstreamHttp2 } from './http2.ts'
import { publicLocation } from './public-location.ts'
import { Target } from './target.ts'
import type { UpstreamTls } from './tls.ts'
import { upstreamPath } from './upstream-path.ts'
import { wireTo } from './wire.ts'

export interface TargetDefinition {
  readonly url: string
  readonly weight?: number
  /** Used only while every other target is marked down. */
  readonly backup?: boolean
}

export interface UpstreamDefinition {
  readonly name: string
  /** The public base path; it is taken off before the target's own is put on. */
  readonly basePath?: string
  /** `UPSTREAM_<NAME>_URL`: replaces all targets; '' is none. */
  readonly override?: string
  readonly targets: Readonly<Record<string, TargetDefinition>>
  /** `max` connections per target; `keepAlive`: how long an idle one is kept, in milliseconds. */
  readonly connection?: { readonly max?: number; readonly keepAlive?: number }
  /** Where the document says something of its own about it: `upstreamTls()`. */
  readonly tls?: UpstreamTls
  /** Where HTTP/2 is wanted: `http2()`. */
  readonly http2?: UpstreamHttp2
  /** Where targets are asked whether they are well: `healthCheck()`. */
  readonly healthCheck?: HealthCheck
  /** What the service shows the upstream to be let in, in place of what the caller gave. */
  readonly auth?: UpstreamAuth
}

/** Where requests go: targets with their connections. Listed among the service's resources, which closes it. */
export type Upstream = Destination & Resource & { readonly name: string; start(): void; close(): Promise<void> }

/** How often deadlines are looked at, in ms: a timeout may come this much late. One clock serves every call. */
const tick = 50

/** Nothing is connected before the first request; what is wrong with the addresses is told at `start`. */
export function upstream(definition: UpstreamDefinition): Upstream {
  const { name, override = '', basePath = '', connection, auth, tls, http2, healthCheck } = definition
  const { max = 128, keepAlive = 30_000 } = connection ?? {}
  const chosen: Readonly<Record<string, TargetDefinition>> =
    override === '' ? definition.targets : { override: { url: override } }
  const problems: string[] = []
  const named = new Map<string, Target>()
  for (const [key, target] of Object.entries(chosen)) {
    const url = parseTargetUrl(target.url)
    if (url === undefined)
      problems.push(`${override === '' ? `target ${key}` : `UPSTREAM_${variable(name)}_URL`} is not an http(s) URL`)
    else
      named.set(
        key,
        new Target(url, {
          weight: target.weight ?? 1,
          backup: target.backup ?? false,
          max,
          keepAlive,
          wire: wireTo(url.origin, tls, http2),
        }),
      )
  }
  const targets = [...named.values()]
  if (targets.length === 0 && problems.length === 0) problems.push('it has no target')
  if (auth?.fault !== undefined) problems.push(auth.fault)
  const choose = balance(targets)
  let clock: NodeJS.Timeout | undefined
  let watch: Watch | undefined
  const relocate = publicLocation(targets, basePath)

  return {
    name: `upstream ${name}`,
    start() {
      try {
        tls?.start(`upstream ${name}`)
      } catch (error) {
        problems.push((error as Error).message)
      }
      if (problems.length > 0) throw new Error(problems.join('; '))
      tls?.onChange(() => {
        for (const target of targets) target.renew()
      })
      watch ??= healthCheck?.watch(name, named)
      clock ??= setInterval(() => {
        const now = performance.now()
        for (const target of targets) target.check(now)
      }, tick).unref()
    },
    async close() {
      clearInterval(clock)
      watch?.stop()
      tls?.close()
      for (const target of targets) target.close()
    },
    measures: () => watch?.measures() ?? [],
    handler(operation: OperationInfo, path?: string, method?: string): Next {
      const pathOf = upstreamPath(operation.path, basePath, path)
      const send = (exchange: Exchange, { headers, query }: Outgoing = exchange): Promise<Answer> => {
        const target = choose()
        if (target === undefined) {
          throw reject('service-unavailable', { headers: ['Retry-After', '5'], cause: `no healthy target of ${name}` })
        }
        const sent = pathOf(exchange, target.basePath, query)
        return new Call(exchange, target, sent, method ?? exchange.method, relocate, headers).answer
      }
      return auth === undefined ? (exchange) => send(exchange) : auth.wrap(send, method)
    },
  }
}

function parseTargetUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined
}

function variable(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
}

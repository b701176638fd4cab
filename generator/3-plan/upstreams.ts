import { CallPlan, type InstancePlan, Reference, type Value } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import { milliseconds } from '../policies/units.ts'
import { constantCase, identifier, Names } from './names.ts'
import { ProxyOptions } from './options.ts'
import { scopeFor, type Workbench } from './scope.ts'
import type { SettingsPlan } from './settings.ts'
import { type AuthOptions, planAuth } from './upstream-auth.ts'
import { planUpstreamTls, type UpstreamTlsOptions, unverifiedAt } from './upstream-tls.ts'

/** Where the operations of a document may be sent, each upstream once. */
export class UpstreamsPlan {
  readonly #bench: Workbench
  readonly #root: SpecNode
  readonly #settings: SettingsPlan
  readonly #basePath: string
  readonly #plans = new Map<string, { reference: Reference; plan: InstancePlan }>()
  readonly #names = new Names()
  readonly #variables = new Names()

  constructor(bench: Workbench, basePath: string) {
    this.#bench = bench
    this.#root = bench.root
    this.#settings = bench.settings
    this.#basePath = basePath
  }

  get all(): InstancePlan[] {
    return [...this.#plans.values()].map(({ plan }) => plan)
  }

  /** The upstream of an operation: what `x-proxy.upstream` names, else the nearest `servers`. */
  forOperation(named: string | undefined, pathItem: SpecNode, operation: SpecNode): Reference {
    if (named !== undefined) return this.#declared(named)
    const own = operation.get('servers') ?? pathItem.get('servers')
    const server = own?.items()[0]?.resolve()
    if (server === undefined) return this.#declared('default')
    const written = serverUrl(server)
    const url = written.startsWith('/') ? this.#origin() + written : written
    const host = /^[a-z]+:\/\/([^/:]+)/i.exec(written)?.[1]
    // A relative server is another path of the same upstream, not another host.
    const name = server.get('name')?.string ?? host ?? `default${written.replaceAll('/', ' ')}`
    return this.#once(name, url, {})
  }

  /** Scheme and authority of the document's first server; '' where it has none. */
  #origin(): string {
    const server = this.#root.get('servers')?.items()[0]?.resolve()
    return server === undefined ? '' : (/^https?:\/\/[^/?#]*/i.exec(serverUrl(server))?.[0] ?? '')
  }

  #declared(name: string): Reference {
    const options = new ProxyOptions(this.#root).get('upstreams')?.value as Record<string, UpstreamOptions> | undefined
    const declared = options !== undefined && Object.hasOwn(options, name) ? options[name]! : {}
    const servers = this.#root.get('servers')?.items() ?? []
    const server = (servers.find((item) => item.get('name')?.string === name) ?? servers[0])?.resolve()
    return this.#once(name, server === undefined ? '' : serverUrl(server), declared)
  }

  #once(name: string, serverUrl: string, options: UpstreamOptions): Reference {
    const key = `${name} ${serverUrl}`
    const known = this.#plans.get(key)
    if (known !== undefined) return known.reference
    const exportName = this.#names.claim(identifier(`${name} upstream`, 'upstream'))
    const reference = new Reference('upstream', exportName)
    this.#plans.set(key, { reference, plan: this.#plan(name, exportName, serverUrl, options) })
    return reference
  }

  #plan(name: string, exportName: string, serverUrl: string, options: UpstreamOptions): InstancePlan {
    const variable = `UPSTREAM_${this.#variables.claim(constantCase(name) || 'OTHER', '_')}_URL`
    const absolute = /^https?:\/\//i.test(serverUrl)
    const targets: Record<string, Value> = {}
    for (const [target, { url, weight, backup }] of Object.entries(options.targets ?? {})) {
      targets[target] = {
        url: this.#settings.read(url, `target ${target} of the upstream ${name}`),
        ...(weight === undefined ? {} : { weight }),
        ...(backup === undefined ? {} : { backup }),
      }
    }
    if (options.targets === undefined && absolute) targets['main'] = { url: serverUrl }
    const hasTargets = Object.keys(targets).length > 0
    const override = this.#settings.add({
      name: variable,
      env: variable,
      file: undefined,
      // Without a target in the document the variable is the only address there is, and boot must demand it.
      default: hasTargets ? '' : undefined,
      about: hasTargets ? `replaces the targets of the upstream ${name}` : `the address of the upstream ${name}`,
    })
    const { max, keepAlive, http2 } = options.connection ?? {}
    const auth = options.auth === undefined ? undefined : planAuth(options.auth, name, this.#settings)
    return {
      name: exportName,
      about: `The upstream "${name}"; ${variable} ${hasTargets ? 'replaces its targets' : 'says where it is'}.`,
      call: new CallPlan('upstream/upstream', 'upstream', [
        {
          name,
          override,
          targets,
          ...(this.#basePath === '' ? {} : { basePath: this.#basePath }),
          ...(max === undefined && keepAlive === undefined ? {} : { connection: connectionOf(max, keepAlive) }),
          ...(options.tls === undefined ? {} : { tls: this.#tls(name, variable, options.tls) }),
          ...(http2 === undefined || http2 === false ? {} : { http2: http2Of(http2) }),
          ...(options.healthCheck?.active === undefined
            ? {}
            : { healthCheck: healthCheckOf(options.healthCheck.active) }),
          ...(auth === undefined ? {} : { auth }),
        },
      ]),
    }
  }

  #tls(name: string, urlVariable: string, tls: UpstreamTlsOptions): Value {
    const { reporter, root } = this.#bench
    const unverified = unverifiedAt(root, name)
    if (unverified !== undefined) reporter.report('upstream-unverified', unverified, { upstream: name })
    const { file } = scopeFor(this.#bench, root, name)
    return planUpstreamTls(tls, name, urlVariable.replace(/_URL$/, ''), this.#settings, file)
  }
}

/** Named where it is wanted only: what speaks HTTP/2 is deployed with it. */
function http2Of(wanted: true | 'auto'): Value {
  return new CallPlan('upstream/http2', 'http2', [{ isRequired: wanted === true }])
}

interface HealthCheckWritten {
  readonly path: string
  readonly interval?: string
  readonly timeout?: string
  readonly healthy?: number
  readonly unhealthy?: number
  readonly expect?: string | number
}

function healthCheckOf(written: HealthCheckWritten): Value {
  const { path, interval = '10s', timeout = '2s', healthy = 2, unhealthy = 3, expect = '200-399' } = written
  const ranges = String(expect)
    .split(',')
    .map((range) => {
      const [from, to = from] = range.trim().split('-').map(Number) as [number, number?]
      return [from, to]
    })
  const times = { interval: milliseconds(interval), timeout: milliseconds(timeout) }
  return new CallPlan('upstream/health-check', 'healthCheck', [{ path, ...times, healthy, unhealthy, expect: ranges }])
}

function connectionOf(max: number | undefined, keepAlive: string | undefined): { readonly [key: string]: Value } {
  return {
    ...(max === undefined ? {} : { max }),
    ...(keepAlive === undefined ? {} : { keepAlive: milliseconds(keepAlive) }),
  }
}

interface UpstreamOptions {
  readonly targets?: Readonly<Record<string, { url: string; weight?: number; backup?: boolean }>>
  readonly connection?: { readonly max?: number; readonly keepAlive?: string; readonly http2?: boolean | 'auto' }
  readonly healthCheck?: { readonly active?: HealthCheckWritten }
  readonly tls?: UpstreamTlsOptions
  readonly auth?: AuthOptions
}

/** The address of a Server Object with its variables at their defaults (OpenAPI §4.6), without a trailing slash. */
export function serverUrl(server: SpecNode): string {
  const url = (server.get('url')?.string ?? '').replace(/\{([^{}]+)\}/g, (whole, name: string) =>
    String(server.path('variables', name, 'default')?.value ?? whole),
  )
  // A reference without a scheme is relative to where the document was found: https, since nobody knows better.
  return (url.startsWith('//') ? `https:${url}` : url).replace(/\/+$/, '')
}

/** The path of an address: '' for none, else with a leading and without a trailing slash. */
export function pathOf(url: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/, '')
  return path === '' || path.startsWith('/') ? path.replace(/\/+$/, '') : `/${path}`.replace(/\/+$/, '')
}

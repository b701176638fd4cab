import { isObject, member } from '../model/json.ts'
import { Reference, type Value } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import { type CorsWritten, corsOfDocument } from '../policies/cors/rules.ts'
import { bytes, milliseconds } from '../policies/units.ts'
import type { InstancesPlan } from './instances.ts'
import type { ProxyOptions } from './options.ts'
import type { SettingsPlan } from './settings.ts'

/**
 * The options of `serve` that the document sets. HOST, PORT, ADMIN_PORT and WORKERS always work: a literal in the
 * document is their default.
 */
export function planServer(
  options: ProxyOptions,
  settings: SettingsPlan,
  root: SpecNode,
): { readonly [option: string]: Value } {
  const server = options.get('server')?.value
  const at = (group: string, key: string): unknown => member(member(server, group), key)
  const address = (written: unknown, variable: string, fallback: string, about: string): Value => {
    const text = written === undefined ? fallback : String(written)
    const setting = settings.read(text, about)
    return typeof setting === 'string'
      ? settings.add({ name: variable, env: variable, file: undefined, default: text, about })
      : setting
  }
  const metrics = at('admin', 'metrics')
  const limits: Record<string, Value> = {}
  for (const limit of ['headers', 'url'] as const) {
    const written = at('limits', limit)
    if (typeof written === 'string') limits[limit] = bytes(written)
  }
  for (const limit of ['connections', 'inFlight'] as const) {
    const written = at('limits', limit)
    if (typeof written === 'number') limits[limit] = written
  }
  const delay = at('limits', 'eventLoopDelay')
  if (typeof delay === 'string') limits['eventLoopDelay'] = milliseconds(delay)
  const secret = secretParameters(root)
  const cors = options.get('cors')?.value
  const drain = at('shutdown', 'drain')
  const trusted = isObject(server) ? server['trustedProxies'] : undefined
  return {
    listen: {
      host: address(at('listen', 'host'), 'HOST', '127.0.0.1', 'the address to listen on'),
      port: address(at('listen', 'port'), 'PORT', '8080', 'the port to listen on'),
    },
    admin: {
      host: address(at('admin', 'host'), 'ADMIN_HOST', '127.0.0.1', 'the address of health and metrics'),
      port: address(at('admin', 'port'), 'ADMIN_PORT', '9090', 'the port of health and metrics'),
      metrics: metrics !== false,
    },
    workers: settings.add({
      name: 'WORKERS',
      env: 'WORKERS',
      file: undefined,
      default: '1',
      about: 'processes that serve: a number, or auto for one per core',
    }),
    ...(Array.isArray(trusted) ? { trustedProxies: trusted as readonly string[] } : {}),
    ...(isObject(cors) && cors['enabled'] !== false
      ? { cors: corsOfDocument(cors as unknown as CorsWritten) as unknown as Value }
      : {}),
    ...(secret.length === 0 ? {} : { redact: { query: secret } }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(typeof drain === 'string' ? { shutdown: { drain: milliseconds(drain) } } : {}),
  }
}

/** `server.admin.purge`: what is stored of answers, where anything is, may be taken back over the admin listener. */
export function withPurge(
  server: { readonly [option: string]: Value },
  options: ProxyOptions,
  instances: InstancesPlan,
): { readonly [option: string]: Value } {
  const isOn = member(member(options.get('server')?.value, 'admin'), 'purge') === true
  const stored = instances.all.find(({ call }) => call.module === 'policies/cache')
  if (!isOn || stored === undefined) return server
  const admin = server['admin'] as { readonly [option: string]: Value }
  return { ...server, admin: { ...admin, purge: new Reference('instance', stored.name) } }
}

/** `protect`: its guard judges before requests are routed, and is shown on the admin listener. */
export function withGuard(
  server: { readonly [option: string]: Value },
  instances: InstancesPlan,
): { readonly [option: string]: Value } {
  const guard = instances.all.find(({ call }) => call.module === 'protect/guard')
  if (guard === undefined) return server
  const admin = server['admin'] as { readonly [option: string]: Value }
  const reference = new Reference('instance', guard.name)
  return { ...server, protect: reference, admin: { ...admin, blocks: reference } }
}

/** Query parameters whose values must never reach a log: keys, and what the document calls a password. */
function secretParameters(root: SpecNode): string[] {
  const names = new Set<string>()
  const collect = (parameter: SpecNode | undefined): void => {
    const name = parameter?.get('name')?.string
    // A key that belongs elsewhere is as secret where a caller has put it by mistake.
    const isKey = parameter?.get('type')?.string === 'apiKey'
    if (name === undefined || (!isKey && parameter?.get('in')?.string !== 'query')) return
    const format = parameter?.get('schema')?.resolve()?.get('format')?.string
    if (isKey || format === 'password') names.add(name)
  }
  for (const [, scheme] of root.path('components', 'securitySchemes')?.entries() ?? []) collect(scheme.resolve())
  for (const [, parameter] of root.path('components', 'parameters')?.entries() ?? []) collect(parameter.resolve())
  for (const [, item] of root.get('paths')?.entries() ?? []) {
    for (const holder of [item, ...item.entries().map(([, value]) => value)]) {
      for (const parameter of holder.get('parameters')?.items() ?? []) collect(parameter.resolve())
    }
  }
  return [...names].sort()
}

import { isObject, member } from '../model/json.ts'
import type { Value } from '../model/service-plan.ts'
import { bytes, milliseconds } from '../policies/units.ts'
import type { ProxyOptions } from './options.ts'
import type { SettingsPlan } from './settings.ts'

/**
 * The options of `serve` that the document sets. HOST, PORT and ADMIN_PORT always work: a literal in the document is
 * their default.
 */
export function planServer(options: ProxyOptions, settings: SettingsPlan): { readonly [option: string]: Value } {
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
    ...(Array.isArray(trusted) ? { trustedProxies: trusted as readonly string[] } : {}),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(typeof drain === 'string' ? { shutdown: { drain: milliseconds(drain) } } : {}),
  }
}

import { isObject, member } from '../model/json.ts'
import { CallPlan, type Value } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import type { ProxyOptions } from './options.ts'
import { pemSetting } from './pem-setting.ts'
import { scopeFor, type Workbench } from './scope.ts'

interface TlsOptions {
  readonly cert: string
  readonly key: string
  readonly clientCa?: string
  readonly clientAuth?: 'none' | 'request' | 'require'
  readonly minVersion?: string | number
}

/** `server.tls`: only with it the service imports what speaks TLS. Planned last: verifiers of certificates bring authorities with them. */
export function withTls(
  server: { readonly [option: string]: Value },
  options: ProxyOptions,
  bench: Workbench,
): { readonly [option: string]: Value } {
  const written = member(options.get('server')?.value, 'tls')
  if (!isObject(written)) return server
  const { cert, key, clientCa, clientAuth, minVersion } = written as unknown as TlsOptions
  const node = bench.root.path('x-proxy', 'server', 'tls') ?? bench.root
  const scope = scopeFor(bench, node, 'tls')
  const setting = (text: string, variable: string, about: string): Value =>
    pemSetting(text, { variable, about }, bench.settings, scope.file)
  const own = authoritiesOfSchemes(bench)
  const authorities = [
    ...(clientCa === undefined ? [] : [setting(clientCa, 'TLS_CLIENT_CA', 'the authorities of client certificates')]),
    ...own.listed,
  ]
  // Who lists authorities, or verifies certificates, wants to see certificates.
  const auth = clientAuth ?? (authorities.length > 0 || own.any ? 'request' : 'none')
  checkClientAuth(auth, authorities.length > 0, bench, node)
  const tls = new CallPlan('server/tls', 'tls', [
    {
      cert: setting(cert, 'TLS_CERT', 'the certificate that clients are shown, with its chain'),
      key: setting(key, 'TLS_KEY', 'the private key of the certificate'),
      ...(authorities.length === 0 ? {} : { clientCa: authorities }),
      ...(auth === 'none' ? {} : { clientAuth: auth }),
      ...(minVersion === undefined ? {} : { minVersion: versionOf(minVersion) }),
    },
  ])
  const { listen, ...rest } = server
  return { listen: listen!, tls, ...rest }
}

/** YAML reads 1.3 as a number. */
export function versionOf(written: string | number): '1.2' | '1.3' {
  return String(written) === '1.3' ? '1.3' : '1.2'
}

function checkClientAuth(auth: string, hasAuthorities: boolean, bench: Workbench, node: SpecNode): void {
  const where = node.at('clientAuth') ?? node
  if (auth === 'none' && hasAuthorities) {
    const reason = 'authorities of client certificates are listed, but "clientAuth: none" asks nobody for one'
    bench.reporter.report('client-auth-invalid', where, { reason })
  }
  if (auth === 'require' && !hasAuthorities) {
    const reason = 'a certificate is required, but no authority is named whose certificates count'
    bench.reporter.report('client-auth-invalid', where, { reason })
  }
}

/** The authorities that verifiers of certificates trust: the listener must accept what they accept. */
function authoritiesOfSchemes({ instances }: Workbench): { readonly any: boolean; readonly listed: readonly Value[] } {
  const any = instances.all.some(({ call }) => call.module === 'policies/mtls')
  const listed = instances.all.filter(({ call }) => call.module === 'tls/authorities')
  return { any, listed: listed.map(({ call }) => (call.args[0] as { readonly file: Value }).file) }
}

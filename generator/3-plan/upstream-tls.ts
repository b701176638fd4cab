import { CallPlan } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import { type PemSetting, pemSetting } from './pem-setting.ts'
import { versionOf } from './server-tls.ts'
import type { SettingsPlan } from './settings.ts'

/** `upstreams.<name>.tls`. */
export interface UpstreamTlsOptions {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly serverName?: string
  readonly verify?: boolean
  readonly minVersion?: string | number
}

/**
 * How the service meets an upstream over TLS; emitted, and so deployed, only where the document says something of it.
 * @param variable what its variables begin with: `UPSTREAM_ERP`
 */
export function planUpstreamTls(
  options: UpstreamTlsOptions,
  upstream: string,
  variable: string,
  settings: SettingsPlan,
  file: (path: string) => string,
): CallPlan {
  const { ca, cert, key, serverName, verify, minVersion } = options
  const setting = (text: string, what: Pick<PemSetting, 'about'> & { suffix: string }) =>
    pemSetting(text, { variable: `${variable}_${what.suffix}`, about: what.about }, settings, file)
  return new CallPlan('upstream/tls', 'upstreamTls', [
    {
      ...(ca === undefined
        ? {}
        : { ca: setting(ca, { suffix: 'CA', about: `the authorities of the upstream ${upstream}` }) }),
      ...(cert === undefined
        ? {}
        : { cert: setting(cert, { suffix: 'CERT', about: `the certificate shown to the upstream ${upstream}` }) }),
      ...(key === undefined ? {} : { key: setting(key, { suffix: 'KEY', about: `the key of that certificate` }) }),
      ...(serverName === undefined ? {} : { serverName }),
      ...(verify === false ? { verify } : {}),
      ...(minVersion === undefined ? {} : { minVersion: versionOf(minVersion) }),
    },
  ])
}

/** Where the author has switched the verification off. */
export function unverifiedAt(root: SpecNode, upstream: string): SpecNode | undefined {
  const declared = [
    root.path('x-proxy', 'upstreams', upstream),
    root.path('components', 'x-proxy', 'upstreams', upstream),
  ]
  return declared.map((node) => node?.path('tls', 'verify')).find((node) => node?.value === false)
}

import type { mtls } from '../../../runtime/policies/mtls/mtls.ts'
import type { authorities } from '../../../runtime/tls/authorities.ts'
import { consumersReference } from '../consumers-reference.ts'
import { definePolicy, type SchemeScope } from '../define.ts'
import { realmOf } from '../realm.ts'
import { schemeVariable } from '../scheme-variable.ts'

interface Options {
  readonly ca?: string
  readonly consumerFrom?: 'san' | 'subject' | 'fingerprint'
  readonly consumers?: string
}

export default definePolicy<typeof mtls, Options>({
  name: 'mtls',
  summary: 'Verifies callers by the client certificate of their TLS connection (`server.tls`).',
  levels: ['scheme'],
  options: {
    type: 'object',
    properties: {
      ca: {
        type: 'string',
        format: 'pem-file',
        description: 'The authorities that vouch for callers (PEM). Default: those of `server.tls.clientCa`.',
      },
      consumerFrom: {
        enum: ['san', 'subject', 'fingerprint'],
        default: 'san',
        description:
          'What of the certificate says who calls: an alternative name (URI, else DNS, else e-mail), the subject (`CN=…,O=…`, RFC 4514) or the SHA-256 fingerprint.',
      },
      consumers: {
        type: 'string',
        minLength: 1,
        description:
          'A consumers file with `certificates`, relative to the document: who may call, with which roles. Default: whoever the authorities vouch for, without roles.',
      },
    },
    additionalProperties: false,
  },
  instance: 'scheme',
  lower({ ca, consumerFrom = 'san', consumers }, scope) {
    const { scheme } = scope
    if (scheme.type !== 'mutualTLS') {
      const type = scheme.type === 'http' ? `http ${scheme.httpScheme}` : scheme.type
      scope.report('verifier-unsuitable', scope.node, { verifier: 'mtls', type, wanted: 'mutualTLS' })
      return undefined
    }
    if (!checkListener(ca, scope)) return undefined
    return [
      {
        scheme: scheme.name,
        realm: realmOf(scope),
        ...(ca === undefined ? {} : { authorities: authoritiesOf(ca, scope) }),
        consumerFrom,
        ...(consumers === undefined ? {} : { consumers: consumersReference(consumers, scope) }),
      },
    ]
  },
})

/** Certificates are shown to the listener: it must speak TLS, ask for them, and know whose count. */
function checkListener(ca: string | undefined, scope: SchemeScope): boolean {
  const tls = scope.node.tree.root.path('x-proxy', 'server', 'tls')
  const reason =
    tls === undefined
      ? 'the service does not speak TLS, so nobody can show a certificate'
      : tls.at('clientAuth')?.value === 'none'
        ? '"server.tls.clientAuth" is none, so nobody is asked for a certificate'
        : ca === undefined && tls.at('clientCa') === undefined
          ? 'no authority is named whose certificates count'
          : undefined
  if (reason !== undefined) scope.report('certificates-unseen', scope.node, { scheme: scope.scheme.name, reason })
  return reason === undefined
}

function authoritiesOf(ca: string, scope: SchemeScope) {
  const { name } = scope.scheme
  const about = `the authorities of ${name} (a PEM file)`
  const [, secret] = /^\$\{file:([^}]*?)(?::-[^}]*)?\}$/.exec(ca) ?? []
  const isSetting = secret === undefined && ca.startsWith('${')
  const file = isSetting
    ? scope.setting(ca, about)
    : scope.environment(schemeVariable(scope, 'CA'), secret ?? scope.file(ca), about)
  return scope.instance<typeof authorities>(`${name} authorities`, {
    module: 'tls/authorities',
    export: 'authorities',
    args: [{ file }],
    about: `Whose certificates count for "${name}".`,
    resource: true,
  })
}

import type { presence } from '../../../runtime/policies/presence/presence.ts'
import type { SchemeContract } from '../../model/contract.ts'
import { definePolicy } from '../define.ts'
import { realmOf } from '../realm.ts'

/** For schemes that say nothing in `x-proxy`. */
export default definePolicy<typeof presence, Record<string, never>>({
  name: 'presence',
  summary: 'Looks for the credential of a scheme that nothing verifies, and leaves it for the upstream to judge.',
  levels: ['scheme'],
  options: null,
  instance: 'scheme',
  lower(_, scope) {
    const { scheme } = scope
    scope.report('scheme-unverified', scheme.node, { scheme: scheme.name, consequence: consequenceOf(scheme) })
    return [{ scheme: scheme.name, realm: realmOf(scope), credential: credentialOf(scheme) }]
  },
})

function credentialOf(scheme: SchemeContract): Parameters<typeof presence>[0]['credential'] {
  switch (scheme.type) {
    case 'apiKey':
      return scheme.in === undefined || scheme.parameterName === undefined
        ? null
        : { in: scheme.in, name: scheme.parameterName }
    case 'http':
      return scheme.httpScheme === undefined ? null : { authorization: scheme.httpScheme }
    case 'oauth2':
    case 'openIdConnect':
      return { authorization: 'bearer' }
    case 'mutualTLS':
      return null
  }
}

function consequenceOf({ type }: SchemeContract): string {
  return type === 'mutualTLS'
    ? 'it lets nobody in'
    : 'only the presence of the credential is checked, and it is forwarded'
}

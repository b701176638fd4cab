import type { basic } from '../../../runtime/policies/basic/basic.ts'
import { consumersOption, consumersReference } from '../consumers-reference.ts'
import { definePolicy } from '../define.ts'
import { realmOf } from '../realm.ts'

interface Options {
  readonly consumers?: string
}

export default definePolicy<typeof basic, Options>({
  name: 'basic',
  summary: 'Verifies user and password of an http basic scheme against the hashes in a consumers file.',
  levels: ['scheme'],
  options: { type: 'object', properties: { consumers: consumersOption }, additionalProperties: false },
  instance: 'scheme',
  lower({ consumers }, scope) {
    const { scheme } = scope
    if (scheme.type !== 'http' || scheme.httpScheme !== 'basic') {
      const type = scheme.type === 'http' ? `http ${scheme.httpScheme}` : scheme.type
      scope.report('verifier-unsuitable', scope.node, { verifier: 'basic', type, wanted: 'http basic' })
      return undefined
    }
    return [{ scheme: scheme.name, realm: realmOf(scope), consumers: consumersReference(consumers, scope) }]
  },
})

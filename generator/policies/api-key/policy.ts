import type { apiKey } from '../../../runtime/policies/api-key/api-key.ts'
import { consumersOption, consumersReference } from '../consumers-reference.ts'
import { definePolicy } from '../define.ts'
import { realmOf } from '../realm.ts'

interface Options {
  /** A YAML file, relative to the document. Default: `./<document>.consumers.yaml`. */
  readonly consumers?: string
  readonly hash?: 'sha256'
  readonly forward?: boolean
}

export default definePolicy<typeof apiKey, Options>({
  name: 'apiKey',
  summary: 'Verifies the key of an apiKey scheme against the hashes in a consumers file.',
  levels: ['scheme'],
  options: {
    type: 'object',
    properties: {
      consumers: consumersOption,
      hash: { enum: ['sha256'], default: 'sha256', description: 'How the file stores keys.' },
      forward: { type: 'boolean', default: false, description: 'Whether the upstream gets the key too.' },
    },
    additionalProperties: false,
  },
  instance: 'scheme',
  lower({ consumers, forward = false }, scope) {
    const { scheme } = scope
    if (scheme.type !== 'apiKey' || scheme.in === undefined || scheme.parameterName === undefined) {
      scope.report('verifier-unsuitable', scope.node, { verifier: 'apiKey', type: scheme.type, wanted: 'apiKey' })
      return undefined
    }
    return [
      {
        scheme: scheme.name,
        in: scheme.in,
        name: scheme.parameterName,
        realm: realmOf(scope),
        consumers: consumersReference(consumers, scope),
        forward,
      },
    ]
  },
})

import type { consumersFile } from '../../../runtime/identity/consumers-file.ts'
import type { apiKey } from '../../../runtime/policies/api-key/api-key.ts'
import { definePolicy, type SchemeScope } from '../define.ts'
import { realmOf } from '../realm.ts'
import { schemeVariable } from '../scheme-variable.ts'

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
      consumers: {
        type: 'string',
        minLength: 1,
        default: './<document>.consumers.yaml',
        description:
          'The consumers file, relative to the document. `<SCHEME>_CONSUMERS` in the environment names another one.',
      },
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
    if (consumers !== undefined && !/\.(yaml|yml|json)$/i.test(consumers)) {
      scope.report('consumers-unsuitable', scope.node.at('consumers') ?? scope.node, { consumers })
    }
    const path = scope.environment(
      schemeVariable(scope, 'CONSUMERS'),
      scope.file(consumers ?? defaultConsumers(scope)),
      `the consumers of ${scheme.name}; a relative path starts at the service's folder`,
    )
    return [
      {
        scheme: scheme.name,
        in: scheme.in,
        name: scheme.parameterName,
        realm: realmOf(scope),
        consumers: scope.instance<typeof consumersFile>(`${scheme.name} consumers`, {
          module: 'identity/consumers-file',
          export: 'consumersFile',
          args: [{ path }],
          about: `Who may call with "${scheme.name}".`,
          resource: true,
        }),
        forward,
      },
    ]
  },
})

/** `specs/orders.yaml` → `./orders.consumers.yaml`. */
function defaultConsumers(scope: SchemeScope): string {
  const file = scope.node.tree.root.place.file.split('/').at(-1) ?? ''
  return `./${file.replace(/\.(ya?ml|json)$/i, '')}.consumers.yaml`
}

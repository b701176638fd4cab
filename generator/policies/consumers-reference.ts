import type { ConsumerDirectory } from '../../runtime/identity/consumers.ts'
import type { consumersFile } from '../../runtime/identity/consumers-file.ts'
import type { Reference } from '../model/service-plan.ts'
import type { SchemeScope } from './define.ts'
import { schemeVariable } from './scheme-variable.ts'

/** The `consumers` option of schemes. */
export const consumersOption = {
  type: 'string',
  minLength: 1,
  default: './<document>.consumers.yaml',
  description:
    'The consumers file, relative to the document. `<SCHEME>_CONSUMERS` in the environment names another one.',
} as const

/** The consumers file of a scheme: read at boot, watched while the service runs. */
export function consumersReference(consumers: string | undefined, scope: SchemeScope): Reference<ConsumerDirectory> {
  const { scheme } = scope
  if (consumers !== undefined && !/\.(yaml|yml|json)$/i.test(consumers)) {
    scope.report('consumers-unsuitable', scope.node.at('consumers') ?? scope.node, { consumers })
  }
  const path = scope.environment(
    schemeVariable(scope, 'CONSUMERS'),
    scope.file(consumers ?? defaultConsumers(scope)),
    `the consumers of ${scheme.name}; a relative path starts at the service's folder`,
  )
  return scope.instance<typeof consumersFile>(`${scheme.name} consumers`, {
    module: 'identity/consumers-file',
    export: 'consumersFile',
    args: [{ path }],
    about: `Who may call with "${scheme.name}".`,
    resource: true,
  })
}

/** `specs/orders.yaml` → `./orders.consumers.yaml`. */
function defaultConsumers(scope: SchemeScope): string {
  const file = scope.node.tree.root.place.file.split('/').at(-1) ?? ''
  return `./${file.replace(/\.(ya?ml|json)$/i, '')}.consumers.yaml`
}

import type { ConsumerDirectory } from '../../runtime/identity/consumers.ts'
import type { consumersFile } from '../../runtime/identity/consumers-file.ts'
import type { consumersStore } from '../../runtime/identity/consumers-store.ts'
import type { consumersText } from '../../runtime/identity/consumers-text.ts'
import type { Reference } from '../model/service-plan.ts'
import type { SchemeScope } from './define.ts'
import { schemeVariable } from './scheme-variable.ts'
import { redisStoreOf } from './store.ts'

/** The `consumers` option of schemes. */
export const consumersOption = {
  type: 'string',
  minLength: 1,
  default: './<document>.consumers.yaml',
  description:
    'The consumers file, relative to the document (`<SCHEME>_CONSUMERS` in the environment names another one); or the name of a Redis store; or `${env:NAME}`: a setting that holds what such a file does.',
} as const

/**
 * The consumers of a scheme: a file, read at boot and watched while the service runs; a Redis store, shared by every instance;
 * or a setting, read at boot.
 */
export function consumersReference(consumers: string | undefined, scope: SchemeScope): Reference<ConsumerDirectory> {
  const { scheme } = scope
  if (consumers?.startsWith('${') === true) {
    return scope.instance<typeof consumersText>(`${scheme.name} consumers`, {
      module: 'identity/consumers-text',
      export: 'consumersText',
      args: [
        { text: scope.setting(consumers, `the consumers of ${scheme.name}, as YAML or JSON`), scheme: scheme.name },
      ],
      about: `Who may call with "${scheme.name}".`,
      resource: true,
    })
  }
  if (consumers !== undefined && !/\.(yaml|yml|json)$/i.test(consumers)) {
    const store = redisStoreOf(consumers, scope)
    if (store !== undefined) {
      return scope.instance<typeof consumersStore>(`${consumers} consumers`, {
        module: 'identity/consumers-store',
        export: 'consumersStore',
        args: [{ store }],
        about: `The consumers in the store "${consumers}".`,
        resource: true,
      })
    }
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

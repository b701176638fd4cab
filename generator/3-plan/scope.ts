import { relative, resolve } from 'node:path'
import type { OperationContract, SchemeContract } from '../model/contract.ts'
import type { WrittenHooks } from '../model/hooks.ts'
import { CallPlan, Reference, type Value } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import type { OperationScope, SchemeScope, Scope } from '../policies/define.ts'
import type { Reporter } from '../report/reporter.ts'
import { hooksOf } from './hooks.ts'
import type { InstancesPlan } from './instances.ts'
import { identifier } from './names.ts'
import type { SchemasPlan } from './schemas.ts'
import { embedsSetting, type SettingsPlan } from './settings.ts'

/** What the parts of a plan are collected in while operations are planned. */
export interface Workbench {
  /** Its name. */
  readonly service: string
  readonly root: SpecNode
  readonly reporter: Reporter
  readonly settings: SettingsPlan
  readonly instances: InstancesPlan
  readonly schemas: SchemasPlan
  readonly hooks: WrittenHooks | undefined
  /** Schemes that something verifies, of all operations. */
  readonly verified: readonly SchemeContract[]
  /** The emitted service's folder, absolute. */
  readonly serviceFolder: string
  /** The folder of the user's document, absolute. */
  readonly documentFolder: string
}

type Made = Parameters<Scope['instance']>[1]

export function scopeFor(bench: Workbench, node: SpecNode, key: string): Scope {
  return {
    node,
    service: bench.service,
    key,
    setting(text, about) {
      if (embedsSetting(text)) bench.reporter.report('setting-embedded', node, {})
      return bench.settings.read(text, about)
    },
    environment(name, fallback, about) {
      return bench.settings.add({ name, env: name, file: undefined, default: fallback, about })
    },
    file(path) {
      return relative(bench.serviceFolder, resolve(bench.documentFolder, path)).replaceAll('\\', '/')
    },
    // biome-ignore lint/suspicious/noExplicitAny: the reference's target is the caller's claim, checked when tsc reads the output
    instance(name: string, made: Made): Reference<any> {
      const key = `instance ${made.module} ${name} ${JSON.stringify(made.args)}`
      return bench.instances.once(key, identifier(name, made.export), () => ({
        call: new CallPlan(made.module, made.export, made.args as unknown as readonly Value[]),
        about: made.about,
        ...(made.resource === undefined ? {} : { resource: made.resource }),
      }))
    },
    runtime: (module, name) => new Reference('runtime', name, module),
    report: (code, where, gaps) => bench.reporter.report(code, where, gaps),
  }
}

export function operationScope(
  bench: Workbench,
  scope: Scope,
  contract: OperationContract,
  exportName: string,
  verifier: (scheme: SchemeContract) => Reference,
  asking: Pick<OperationScope, 'optionsOf' | 'isAsked'>,
): OperationScope {
  return {
    ...scope,
    contract,
    validator: (schema, direction, hint) => bench.schemas.validator(schema, direction, `${exportName} ${hint}`),
    verifier,
    verified: bench.verified,
    hooks: hooksOf(bench.hooks, exportName),
    ...asking,
  }
}

export function schemeScope(scope: Scope, scheme: SchemeContract): SchemeScope {
  return { ...scope, scheme }
}

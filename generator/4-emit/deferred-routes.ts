import { CallPlan, type OperationPlan, Reference, type ServicePlan, type Value } from '../model/service-plan.ts'
import { type Code, code, identifierCode } from './code.ts'
import { Module } from './module.ts'
import { routeTable } from './route-table.ts'
import { operationCode } from './typescript-files.ts'

/**
 * `routes.ts` and `operations/` as they go into the bundle, in one module: the same table of the same operations, but each
 * is put together when it is first asked for, and the validators are evaluated when the first one is. What may keep a
 * service from starting is evaluated at the start all the same: shared instances, hooks, operations that read settings.
 */
export function deferredRoutesFile(plan: ServicePlan): string {
  const file = new DeferringModule()
  const table = routeTable(file, plan, (operation) => entry(file, operation))
  const early = [
    ...(plan.instances.length > 0 ? [code`import './policies.ts'`] : []),
    ...(plan.hooks === undefined ? [] : [code`import './hooks.ts'`]),
  ]
  const once = code`let made\nconst ${validators} = () => (made ??= require('./schemas/validators.js'))`
  return file.render(early, [once, code`export const routes = ${table}`])
}

const validators = identifierCode('validators_')

class DeferringModule extends Module {
  constructor() {
    super('', ['routes', 'made', validators.text])
  }

  override reference(reference: Reference): Code {
    if (reference.to !== 'validator') return super.reference(reference)
    return code`${validators}().${identifierCode(reference.name)}`
  }
}

function entry(file: Module, operation: OperationPlan): Code {
  const { id, method, path, bodyLimit, requestId } = operation
  const made = operationCode(file, operation)
  if (operation.policies.some(({ value }) => readsSetting(value))) return made
  const deferred = file.useRuntime('core/deferred-operation', 'deferredOperation')
  return code`${deferred}(${file.literal({ id, method, path, bodyLimit, requestId })}, () => ${made})`
}

function readsSetting(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Reference) return value.to === 'setting'
  return Object.values(value instanceof CallPlan ? value.args : value).some(readsSetting)
}

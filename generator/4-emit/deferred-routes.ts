import { CallPlan, type OperationPlan, Reference, type ServicePlan, type Value } from '../model/service-plan.ts'
import { type Code, code, identifierCode, joinCode } from './code.ts'
import { Module } from './module.ts'

/**
 * `routes.ts` as it goes into the bundle: the same table, but an operation's file is evaluated when the operation is
 * first asked for, with what only it uses. What may keep a service from starting is evaluated at the start all the same:
 * shared instances, hooks, and operations that read settings.
 */
export function deferredRoutesFile(plan: ServicePlan): string {
  const file = new Module('', ['routes'])
  const router = file.useRuntime('server/router', 'router')
  const byPath = Map.groupBy(plan.operations, ({ path }) => path)
  const lines = [...byPath].map(([path, operations]) => {
    const methods = operations.map((operation) => code`${operation.method}: ${entry(file, operation)}`)
    return code`  ${path}: { ${joinCode(methods, ', ')} },`
  })
  const early = [
    ...(plan.instances.length > 0 ? [code`import './policies.ts'`] : []),
    ...(plan.hooks === undefined ? [] : [code`import './hooks.ts'`]),
  ]
  return file.render(early, [code`export const routes = ${router}({\n${joinCode(lines)}\n})`])
}

function entry(file: Module, operation: OperationPlan): Code {
  const { id, method, path, bodyLimit, exportName, fileName } = operation
  const source = `./operations/${fileName}.ts`
  if (operation.policies.some(({ value }) => readsSetting(value))) return file.use(source, exportName)
  const info = file.literal({ id, method, path, bodyLimit })
  const deferred = file.useRuntime('core/deferred-operation', 'deferredOperation')
  return code`${deferred}(${info}, () => require(${source}).${identifierCode(exportName)})`
}

function readsSetting(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Reference) return value.to === 'setting'
  return Object.values(value instanceof CallPlan ? value.args : value).some(readsSetting)
}

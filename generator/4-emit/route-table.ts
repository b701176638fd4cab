import type { OperationPlan, ServicePlan } from '../model/service-plan.ts'
import { type Code, code, identifierCode, joinCode } from './code.ts'
import type { Module } from './module.ts'

/**
 * `router({ path: { METHOD: operation } })`. Operations that share path and method are told apart by their conditions.
 * @param written how an operation stands in the table
 */
export function routeTable(file: Module, plan: ServicePlan, written: (operation: OperationPlan) => Code): Code {
  const router = file.useRuntime('server/router', 'router')
  const paths = pathsByRequest(plan.operations)
  const lines = [...Map.groupBy(plan.operations, (operation) => paths.get(operation)!)].map(([path, operations]) => {
    const byMethod = Map.groupBy(operations, ({ method }) => method)
    const methods = [...byMethod].map(([method, group]) => code`${methodKey(method)}: ${entry(file, group, written)}`)
    return code`  ${path}: { ${joinCode(methods, ', ')} },`
  })
  return code`${router}({\n${joinCode(lines)}\n})`
}

function entry(file: Module, group: readonly OperationPlan[], written: (operation: OperationPlan) => Code): Code {
  if (group.every(({ conditions }) => conditions.length === 0)) return written(group[0]!)
  const selection = file.useRuntime('server/selection', 'selection')
  const choices = group.map((operation) => {
    const when = operation.conditions.map(({ in: place, name, value }) => ({
      in: place,
      name,
      ...(value === undefined ? {} : { value }),
    }))
    return code`\n    { when: ${file.literal(when)}, operation: ${written(operation)} },`
  })
  return code`${selection}([${joinCode(choices, '')}\n  ])`
}

/** `/a/{b}?x` and `/a/{c}` are one path: names of variables are the operation's own, so the first one's will do. */
function pathsByRequest(operations: readonly OperationPlan[]): Map<OperationPlan, string> {
  const first = new Map<string, string>()
  const told = new Set(operations.filter(({ conditions }) => conditions.length > 0).map(({ path }) => shapeOf(path)))
  return new Map(
    operations.map((operation) => {
      const { path } = operation
      const shape = shapeOf(path)
      if (!told.has(shape)) return [operation, path]
      const known = first.get(shape) ?? path
      first.set(shape, known)
      return [operation, known]
    }),
  )
}

function shapeOf(path: string): string {
  return path.replace(/\{[^{}]*\}/g, '{}')
}

function methodKey(method: string): Code {
  return /^[A-Z]+$/.test(method) ? identifierCode(method) : code`${method}`
}

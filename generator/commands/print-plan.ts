import { CallPlan, type OperationPlan, Reference, type ServicePlan, type Value } from '../model/service-plan.ts'

/** The policies of an operation as text: `rateLimit (shared: burst) {…}`, options settled, references by name. */
export function printPolicies(plan: ServicePlan, operation: OperationPlan): string[] {
  return operation.policies.map(({ policy, value }) => {
    const shared = value instanceof Reference ? plan.instances.find(({ name }) => name === value.name) : undefined
    const args = value instanceof Reference ? (shared?.call.args ?? []) : value.args
    const owner = shared === undefined ? '' : ` (shared: ${shared.name})`
    return `${policy}${owner} ${args.map(printValue).join(', ')}`.trimEnd()
  })
}

export function printValue(value: Value): string {
  return JSON.stringify(value, (_key, item: Value) => {
    if (item instanceof Reference) return `<${item.name}>`
    return item instanceof CallPlan ? { [item.export]: item.args } : item
  })
}

import { planService } from '../../generator/3-plan/plan.ts'
import type { Diagnostic } from '../../generator/model/diagnostic.ts'
import { CallPlan, type InstancePlan, Reference, type ServicePlan } from '../../generator/model/service-plan.ts'
import type { AnyPolicy } from '../../generator/policies/define.ts'
import { Reporter } from '../../generator/report/reporter.ts'
import { treeOf } from './tree-of.ts'

/** Plans a document in the normal form with these policies, for tests of what their `lower()` makes of it. */
export function planOf(
  document: object,
  policies: readonly AnyPolicy[],
): {
  readonly plan: ServicePlan
  readonly diagnostics: readonly Diagnostic[]
  /** The argument lists of the instances of policies.ts, references as `→name`. */
  readonly instances: Readonly<Record<string, unknown>>
} {
  const reporter = new Reporter()
  const plan = planService({
    tree: treeOf({ openapi: '3.1.1', info: { title: 'Test', version: '1' }, ...document }),
    documentFile: 'specs/test.yaml',
    documentPath: '/project/specs/test.yaml',
    root: '/project',
    serviceFolder: '/project/generated/test',
    name: 'test',
    policies,
    hooks: undefined,
    reporter,
  })
  const instances = Object.fromEntries(plan.instances.map((one: InstancePlan) => [one.name, shown(one.call.args[0])]))
  return { plan, diagnostics: reporter.diagnostics, instances }
}

function shown(value: unknown): unknown {
  if (value instanceof Reference) return `→${value.name}`
  if (value instanceof CallPlan) return { call: value.export, args: value.args.map(shown) }
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)]))
}

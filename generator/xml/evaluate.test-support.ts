import type { XmlToJsonOptions } from '../../runtime/policies/xml-to-json/plan.ts'
import { xmlShape, xmlShapeOf, xmlShapes } from '../../runtime/xml/shape.ts'
import { CallPlan, Reference, type ServicePlan } from '../model/service-plan.ts'

// biome-ignore lint/suspicious/noExplicitAny: called with what the plan says
const factories: Readonly<Record<string, (...args: any[]) => unknown>> = { xmlShape, xmlShapes, xmlShapeOf }

/** {@link evaluatedOptions} of `xmlToJson`. */
export function emittedOptions(plan: ServicePlan, operation = 0): XmlToJsonOptions | undefined {
  return evaluatedOptions<XmlToJsonOptions>(plan, 'xmlToJson', operation)
}

/** The options that the emitted service would give to a policy for an operation; undefined where it has none. */
export function evaluatedOptions<Options>(plan: ServicePlan, name: string, operation = 0): Options | undefined {
  const made = new Map<string, unknown>()
  const evaluate = (value: unknown): unknown => {
    if (value instanceof Reference) {
      if (!made.has(value.name)) {
        const { call } = plan.instances.find(({ name }) => name === value.name)!
        made.set(value.name, factories[call.export]!(...call.args.map(evaluate)))
      }
      return made.get(value.name)
    }
    if (Array.isArray(value)) return value.map(evaluate)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, evaluate(member)]))
  }
  const call = plan.operations[operation]?.policies.find(({ policy }) => policy === name)?.value
  return call instanceof CallPlan ? (evaluate(call.args[0]) as Options) : undefined
}

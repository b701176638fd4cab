import { loadValidators } from '../../generator/4-emit/validators.test-support.ts'
import { type CallPlan, Reference } from '../../generator/model/service-plan.ts'
import policy from '../../generator/policies/sanitize/policy.ts'
import type { SanitizeOptions } from '../../runtime/policies/sanitize/options.ts'
import { jsonShapes } from '../../runtime/projection/shape.ts'
import { planOf } from './plan-of.ts'

type Schema = { readonly [key: string]: unknown }

/**
 * What the compiler writes for `undeclared: strip` where an operation answers by this schema, loaded.
 *
 * @param isJudgedByText whether texts may tell which alternatives hold; else the validators of these are always asked
 */
export async function sanitizeOptions(
  schema: Schema,
  components: { readonly [name: string]: Schema },
  isJudgedByText = true,
): Promise<SanitizeOptions> {
  const responses = { 200: { description: 'ok', content: { 'application/json': { schema } } } }
  const { plan } = planOf(
    {
      paths: { '/': { get: { operationId: 'a', responses } } },
      'x-proxy': { sanitize: { undeclared: 'strip' } },
      components: { schemas: components },
    },
    [policy],
  )
  const validators = await loadValidators(plan.schemas)
  const evaluate = (one: unknown): unknown => {
    if (one instanceof Reference) {
      if (one.to === 'validator') return validators[one.name]
      const { call } = plan.instances.find((instance) => instance.name === one.name)!
      const [shapes, asked] = call.args.map(evaluate)
      return jsonShapes(shapes as never, asked as never)
    }
    if (Array.isArray(one)) return one.map(evaluate)
    if (typeof one !== 'object' || one === null) return one
    const members = Object.entries(one).filter(([key]) => isJudgedByText || key !== 'asked')
    return Object.fromEntries(members.map(([key, member]) => [key, evaluate(member)]))
  }
  const call = plan.operations[0]!.policies[0]!.value as CallPlan
  return evaluate(call.args[0]) as SanitizeOptions
}

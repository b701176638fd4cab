import { parametersOf } from '../parameters.ts'
import type { Rule } from '../rule.ts'

/**
 * `in: querystring` is the whole query: "MUST NOT appear more than once, and MUST NOT appear in the same operation as any
 * `in: query` parameters". https://spec.openapis.org/oas/v3.2.0.html#parameter-locations
 */
export const querystring: Rule = ({ pathItems }, reporter) => {
  const reported = new Set<unknown>()
  for (const { node, operations } of pathItems) {
    for (const owner of [...operations.map((operation) => operation.node), node]) {
      const parameters = parametersOf(node, owner)
      const [whole, second] = parameters.filter((parameter) => parameter.in === 'querystring')
      if (whole === undefined) continue
      const other = second ?? parameters.find((parameter) => parameter.in === 'query')
      if (other === undefined || reported.has(other.node.value)) continue
      reported.add(other.node.value)
      const related = [{ place: whole.item.place, message: 'the whole query is described here' }]
      reporter.report('querystring-conflict', other.item, { name: other.name }, related)
    }
  }
}

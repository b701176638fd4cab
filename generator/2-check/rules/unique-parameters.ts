import type { SpecNode } from '../../model/spec-node.ts'
import type { Reporter } from '../../report/reporter.ts'
import { type ListedParameter, listedParameters } from '../parameters.ts'
import type { Rule } from '../rule.ts'

/** "The list MUST NOT include duplicated parameters": a name and a location. https://spec.openapis.org/oas/v3.2.0.html#operation-object */
export const uniqueParameters: Rule = ({ pathItems }, reporter) => {
  for (const { node, operations } of pathItems) {
    for (const owner of [node, ...operations.map((operation) => operation.node)]) checkList(owner, reporter)
  }
}

function checkList(owner: SpecNode, reporter: Reporter): void {
  const first = new Map<string, ListedParameter>()
  for (const parameter of listedParameters(owner)) {
    const key = `${parameter.in}:${parameter.name}`
    const earlier = first.get(key)
    if (earlier === undefined) {
      first.set(key, parameter)
      continue
    }
    const gaps = { name: parameter.name, in: parameter.in }
    const related = [{ place: earlier.item.place, message: 'first declared here' }]
    // The same parameter listed twice says one thing; two that differ say two.
    const same = earlier.node.value === parameter.node.value
    reporter.report(same ? 'repeated-parameter' : 'duplicate-parameter', parameter.item, gaps, related)
  }
}

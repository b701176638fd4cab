import type { SpecNode } from '../../model/spec-node.ts'
import type { Rule } from '../rule.ts'

/** "The id MUST be unique among all operations described in the API." https://spec.openapis.org/oas/v3.2.0.html#operation-object */
export const uniqueOperationIds: Rule = ({ operations }, reporter) => {
  const first = new Map<string, SpecNode>()
  for (const { node } of operations) {
    const id = node.at('operationId')
    if (id?.string === undefined || id.string === '') continue
    const earlier = first.get(id.string)
    if (earlier === undefined) first.set(id.string, node)
    // A path item that two paths refer to is one operation in two places; planning tells them apart.
    else if (earlier.value !== node.value) {
      const related = [{ place: earlier.at('operationId')!.place, message: 'first used here' }]
      reporter.report('duplicate-operation-id', id, { id: id.string }, related)
    }
  }
}

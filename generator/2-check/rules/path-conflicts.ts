import { keyPlace } from '../key-place.ts'
import { readTemplate } from '../path-template.ts'
import type { Rule } from '../rule.ts'
import type { OperationEntry } from '../survey.ts'

/**
 * "Templated paths with the same hierarchy but different templated names MUST NOT exist as they are identical."
 * Refused only where a request could mean both: the same method. https://spec.openapis.org/oas/v3.2.0.html#paths-object
 */
export const pathConflicts: Rule = ({ operations }, reporter) => {
  const first = new Map<string, OperationEntry>()
  const clashes = new Map<string, { readonly first: string; readonly later: OperationEntry[] }>()
  for (const operation of operations) {
    const { path } = operation.item
    if (path === undefined) continue
    const key = `${operation.method} ${readTemplate(path).shape}`
    const other = first.get(key)?.item.path
    if (other === undefined) first.set(key, operation)
    else if (other !== path) {
      const clash = clashes.get(path) ?? { first: other, later: [] }
      clashes.set(path, clash)
      clash.later.push(operation)
    }
  }
  for (const [path, { first: other, later }] of clashes) {
    const holder = later[0]!.item.holder!
    const related = [{ place: keyPlace(holder, other), message: 'the other path' }]
    const concerns = later.map(({ node }) => node.place)
    reporter.report('path-conflict', keyPlace(holder, path), { path, other }, related, concerns)
  }
}

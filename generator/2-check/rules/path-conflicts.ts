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
  const said = new Set<string>()
  for (const operation of operations) {
    const { path, holder } = operation.item
    if (path === undefined || holder === undefined) continue
    const key = `${operation.method} ${readTemplate(path).shape}`
    const other = first.get(key)
    if (other === undefined) first.set(key, operation)
    else if (other.item.path !== path && !said.has(path)) {
      said.add(path)
      const related = [{ place: keyPlace(holder, other.item.path!), message: 'the other path' }]
      reporter.report('path-conflict', keyPlace(holder, path), { path, other: other.item.path! }, related)
    }
  }
}

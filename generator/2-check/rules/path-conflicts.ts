import { conditionsOf, readPathKey, requestKey, unreachable } from '../../model/path-key.ts'
import { keyPlace } from '../key-place.ts'
import { parametersOf } from '../parameters.ts'
import type { Rule } from '../rule.ts'
import type { OperationEntry } from '../survey.ts'

/**
 * "Templated paths with the same hierarchy but different templated names MUST NOT exist as they are identical."
 * Refused only where a request could mean both: the same method. https://spec.openapis.org/oas/v3.2.0.html#paths-object
 */
export const pathConflicts: Rule = ({ operations }, reporter) => {
  const requested = operations.flatMap((entry) => {
    const { path: key, node } = entry.item
    if (key === undefined) return []
    const declared = parametersOf(node, entry.node)
    const conditions = conditionsOf(readPathKey(key), (place, name) => {
      const parameter = declared.find((one) => one.in === place && sameName(place, one.name, name))
      return parameter && (parameter.node.at('required')?.boolean === true ? 'required' : 'optional')
    })
    return [{ entry, method: entry.method, key, conditions }]
  })
  const doubles = unreachable(requested)
  for (const [one, other] of doubles) {
    const place = keyPlace(one.entry.item.holder!, one.key)
    reporter.report('path-unreachable', place, { method: one.method, path: one.key, other: other.key })
  }
  const first = new Map<string, OperationEntry>()
  const clashes = new Map<string, { readonly first: string; readonly later: OperationEntry[] }>()
  for (const each of requested) {
    if (doubles.has(each)) continue
    const { entry: operation, key: path } = each
    const key = requestKey(each)
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

function sameName(place: string, a: string, b: string): boolean {
  return place === 'header' ? a.toLowerCase() === b.toLowerCase() : a === b
}

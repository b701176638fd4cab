import { isObject } from '../../model/json.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import type { OperationScope } from '../define.ts'
import type { Options } from './options.ts'

/**
 * What is stored has been projected for one caller's roles (`visibleTo`): shared, it would show one caller what only another
 * may see, and an upstream that says `public` does not know of that.
 */
export function checkLeaks(options: Options, scope: OperationScope): void {
  if (options.key?.consumer === 'always' || !isByRole(scope.contract.node.at('responses'))) return
  scope.report('option-invalid', scope.node, {
    key: 'cache',
    problem:
      'would share answers whose properties are for some roles only ("visibleTo"): write "key: { consumer: always }", or "cache: false"',
  })
}

/** Whether any schema of the responses, however deep, keeps a property for some. */
function isByRole(responses: SpecNode | undefined): boolean {
  if (responses === undefined) return false
  const seen = new Set<unknown>()
  const pending: unknown[] = [responses.value]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (isObject(value)) {
      const { $ref, 'x-proxy': proxy } = value
      if (typeof $ref === 'string') pending.push(responses.tree.target($ref)?.value)
      if (isObject(proxy) && proxy['visibleTo'] !== undefined) return true
    }
    pending.push(...Object.values(value))
  }
  return false
}

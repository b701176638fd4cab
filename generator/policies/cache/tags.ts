import type { Template } from '../../../runtime/core/template.ts'
import type { OperationScope } from '../define.ts'
import { lowerTemplate } from '../template.ts'

/** `cache.tags`, as the runtime fills them. */
export function lowerTags(
  tags: readonly string[] | undefined,
  scope: OperationScope,
): { readonly tags?: readonly Template[] } {
  if (tags === undefined || tags.length === 0) return {}
  return {
    tags: tags.flatMap((tag, index) => {
      const lowered = lowerTemplate(tag, scope.contract)
      if (!('problem' in lowered)) return [lowered]
      const written = scope.node.at('tags')
      scope.report('option-invalid', written?.items()[index] ?? written ?? scope.node, {
        key: 'cache.tags',
        problem: lowered.problem,
      })
      return []
    }),
  }
}

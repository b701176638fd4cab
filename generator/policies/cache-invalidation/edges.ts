import type { Template } from '../../../runtime/core/template.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { nearest } from '../../report/nearest.ts'
import type { OperationScope } from '../define.ts'
import { lowerTemplate } from '../template.ts'

/** What of `cache.invalidate` the runtime is given. */
export interface Edges {
  readonly operations?: readonly string[]
  readonly tags?: readonly Template[]
}

/**
 * `cache.invalidate`: what is the id of an operation is that operation, anything else is a tag that some operation must
 * have: a name nobody answers to would be a change nobody notices.
 */
export function lowerEdges(scope: OperationScope): Edges | undefined {
  const written = scope.optionsOf('cache')?.['invalidate']
  if (!Array.isArray(written) || written.length === 0) return undefined
  const { operations, tags } = namesOf(scope.node.tree.root)
  const edges = { operations: [] as string[], tags: [] as Template[] }
  for (const [index, text] of (written as readonly string[]).entries()) {
    if (operations.has(text)) {
      edges.operations.push(text)
      continue
    }
    const list = scope.contract.node.path('x-proxy', 'cache', 'invalidate')
    const where = list?.items()[index] ?? list ?? scope.contract.node
    const lowered = lowerTemplate(text, scope.contract)
    if ('problem' in lowered) {
      scope.report('option-invalid', where, { key: 'cache.invalidate', problem: lowered.problem })
    } else if ([...tags].some((tag) => mayMeet(tag, text))) edges.tags.push(lowered)
    else {
      const near = nearest(text, [...operations, ...tags])
      const gaps = { kind: 'operation or cache tag', name: text, ...(near === undefined ? {} : { nearest: near }) }
      scope.report('unknown-name', where, gaps)
    }
  }
  return {
    ...(edges.operations.length === 0 ? {} : { operations: edges.operations }),
    ...(edges.tags.length === 0 ? {} : { tags: edges.tags }),
  }
}

/** Whether two templates can give the same tag, as far as what stands before their first value tells. */
function mayMeet(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => text.split('{', 1)[0]!) as [string, string]
  const [hasA, hasB] = [a !== one, b !== other]
  if (!hasA && !hasB) return a === b
  return (hasA && b.startsWith(a)) || (hasB && a.startsWith(b))
}

/** Every `operationId` and every tag of the document. */
function namesOf(root: SpecNode): { readonly operations: ReadonlySet<string>; readonly tags: ReadonlySet<string> } {
  const operations = new Set<string>()
  const tags = new Set<string>()
  const collect = (owner: SpecNode | undefined): void => {
    for (const tag of owner?.path('x-proxy', 'cache', 'tags')?.items() ?? []) if (tag.string) tags.add(tag.string)
  }
  collect(root)
  for (const [, group] of root.path('components', 'x-proxy', 'policies')?.entries() ?? []) {
    for (const tag of group.path('cache', 'tags')?.items() ?? []) if (tag.string) tags.add(tag.string)
  }
  for (const [, written] of root.get('paths')?.entries() ?? []) {
    const item = written.resolve()
    collect(item)
    for (const [, operation] of [...item.entries(), ...(item.at('additionalOperations')?.entries() ?? [])]) {
      const id = operation.get('operationId')?.string
      if (id !== undefined) operations.add(id)
      collect(operation)
    }
  }
  return { operations, tags }
}

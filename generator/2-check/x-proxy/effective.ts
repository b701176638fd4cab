import type { SpecNode } from '../../model/spec-node.ts'
import { keyPlace } from '../key-place.ts'
import type { Survey } from '../survey.ts'
import { checkValue } from './block.ts'
import type { KnownKey } from './keys.ts'
import type { OptionFindings } from './options.ts'
import { merge, type Placed, placed } from './placed.ts'

/**
 * What holds for each operation once document, path item and operation are merged must be complete: `quota` may come from
 * the document and `window` from the operation, but someone must say both.
 */
export function checkEffective(survey: Survey, keys: readonly KnownKey[], findings: OptionFindings): void {
  const { root } = survey.tree
  const outer = levelOf(root, root)
  const judged = new Set<string>()
  const { pathItems } = survey
  const bare = pathItems.every((item) => item.operations.length === 0)
  if (bare) judge(outer)
  for (const item of pathItems) {
    if (item.operations.length === 0) continue
    const path = chain(outer, levelOf(root, item.node))
    for (const operation of item.operations) {
      const own = levelOf(root, operation.node)
      // Most operations say nothing of their own: their path item has been judged.
      const id = own === undefined ? `${item.node.place.file}#${item.node.place.pointer}` : undefined
      if (id !== undefined && judged.has(path === outer ? '' : id)) continue
      if (id !== undefined) judged.add(path === outer ? '' : id)
      judge(chain(path, own))
    }
  }

  function judge(block: Placed | undefined): void {
    for (const [key, value] of block?.members ?? []) {
      const known = keys.find((candidate) => candidate.key === key)
      if (known !== undefined) checkValue(known, value, findings, 'whole')
    }
  }
}

function chain(outer: Placed | undefined, inner: Placed | undefined): Placed | undefined {
  return inner === undefined ? outer : merge(outer, inner)
}

/** What one level says: the groups it uses, in order, then its own words. */
function levelOf(root: SpecNode, owner: SpecNode): Placed | undefined {
  const node = owner.at('x-proxy')
  if (node === undefined) return undefined
  const own = placed(node, keyPlace(owner, 'x-proxy'), undefined)
  const used = own.members?.get('use')?.items ?? []
  const groups = used.flatMap(({ scalar }) => {
    const group = root.path('components')?.at('x-proxy')?.at('policies')?.at(String(scalar))
    return group === undefined ? [] : [placed(group, group.place, undefined)]
  })
  return [...groups, own].reduce<Placed | undefined>((outer, inner) => merge(outer, inner), undefined)
}

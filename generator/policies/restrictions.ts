import { isObject } from '../model/json.ts'
import type { SpecNode, SpecTree } from '../model/spec-node.ts'
import { componentName } from './component-name.ts'
import { heirsOf } from './heirs.ts'

/** What a schema restricts, anywhere in it: members that nobody or not everybody gets. */
export interface Restrictions {
  readonly hides: boolean
  readonly byRole: boolean
}

const nowhere: Restrictions = { hides: false, byRole: false }
const known = new WeakMap<object, Restrictions>()

export function restrictionsOf(schema: SpecNode | undefined): Restrictions {
  if (schema === undefined || !isObject(schema.value)) return nowhere
  const { root } = schema.tree
  // Where the whole document restricts nothing, no schema of it does.
  if (schema.value !== root.value && !Object.values(restrictionsOf(root)).includes(true)) return nowhere
  let found = known.get(schema.value)
  if (found === undefined) known.set(schema.value, (found = search(schema)))
  return found
}

function search(schema: SpecNode): Restrictions {
  let hides = false
  let byRole = false
  const seen = new Set<unknown>()
  const pending: unknown[] = [schema.value]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (isObject(value)) {
      const { $ref, $dynamicRef, writeOnly, 'x-proxy': proxy } = value
      for (const reference of [$ref, $dynamicRef]) {
        if (typeof reference === 'string') pending.push(...reached(schema.tree, reference))
      }
      if (writeOnly === true) hides = true
      if (isObject(proxy) && Array.isArray(proxy['visibleTo'])) byRole = true
      for (const word of Object.values(isObject(value['mapping']) ? value['mapping'] : {})) {
        if (typeof word === 'string') pending.push(schema.tree.target(word)?.value)
      }
    }
    pending.push(...Object.values(value))
  }
  return { hides, byRole }
}

/** What a reference means: its target, and whatever this one's discriminator may name instead. */
function reached(tree: SpecTree, reference: string): unknown[] {
  const target = tree.target(reference)
  const name = componentName(reference)
  if (name === undefined || target?.at('discriminator') === undefined) return [target?.value]
  return [target.value, ...heirsOf(tree, name).map((heir) => tree.target(heir.reference)?.value)]
}

import type { removeIdentity } from '../../../runtime/policies/remove-identity/remove-identity.ts'
import { definePolicy } from '../define.ts'
import { oncePerTree } from '../once-per-tree.ts'

/** Follows from every `identityHeaders` of the document: what one operation's upstream believes, no other may be told. */
export default definePolicy<typeof removeIdentity, Record<string, never>>({
  name: 'removeIdentity',
  summary: 'Removes what callers say in fields that only the proxy writes (`identityHeaders`).',
  levels: [],
  options: null,
  instance: 'operation',
  lower(_, scope) {
    const names = writtenNames(scope.node.tree)
    if (names.length === 0) return undefined
    return scope.instance<typeof removeIdentity>('remove identity', {
      module: 'policies/remove-identity',
      export: 'removeIdentity',
      args: [{ names }],
      about: 'Only the proxy says who calls.',
    })
  },
})

const writtenNames = oncePerTree((root) => {
  const names = new Set<string>()
  const items = root.get('paths')?.entries() ?? []
  const owners = [
    root,
    ...items.flatMap(([, item]) => [
      item.resolve(),
      ...item
        .resolve()
        .entries()
        .map(([, node]) => node),
    ]),
  ]
  const groups = root.at('components')?.at('x-proxy')?.at('policies')?.entries() ?? []
  const blocks = [...owners.map((owner) => owner.at('x-proxy')), ...groups.map(([, group]) => group)]
  for (const block of blocks) {
    for (const [name] of block?.at('identityHeaders')?.entries() ?? []) {
      if (name !== 'enabled' && name !== '$ref') names.add(name.toLowerCase().replaceAll('_', '-'))
    }
    // Groups hold what is put elsewhere by reference: each entry may be the options themselves.
    for (const [name, node] of block?.entries() ?? []) {
      if (/^(consumer\.|claim\.|scope$)/.test(node.string ?? '')) names.add(name.toLowerCase().replaceAll('_', '-'))
    }
  }
  return [...names].sort()
})

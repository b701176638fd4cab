import type { SchemeContract, SecurityRequirement } from '../../model/contract.ts'
import type { SpecNode } from '../../model/spec-node.ts'

/**
 * Who may call (OpenAPI §4.30): the operation's own `security`, else the document's. Undefined where neither asks for
 * anything. An alternative naming a scheme that nobody declares is dropped, which leaves the others: 2-check has refused
 * lists of nothing else.
 */
export function readSecurity(root: SpecNode, operation: SpecNode): SecurityRequirement[] | undefined {
  const list = operation.get('security') ?? root.get('security')
  if (list === undefined || list.items().length === 0) return undefined
  const known = list.items().flatMap((requirement) => readRequirement(root, requirement) ?? [])
  if (known.length === 0) throw new Error('no security requirement names a scheme that is declared')
  return known
}

/** Undefined where it names an unknown scheme. */
function readRequirement(root: SpecNode, requirement: SpecNode): [SecurityRequirement] | undefined {
  const named = requirement.entries().map(([name, scopes]) => {
    const scheme = readScheme(root, name)
    return scheme && { scheme, scopes: scopes.items().flatMap((scope) => scope.string ?? []) }
  })
  const known = named.filter((one) => one !== undefined)
  return known.length === named.length ? [known] : undefined
}

function readScheme(root: SpecNode, name: string): SchemeContract | undefined {
  const node = root.path('components', 'securitySchemes', name)
  const type = node?.get('type')?.string as SchemeContract['type'] | undefined
  if (node === undefined || type === undefined) return undefined
  return {
    name,
    type,
    in: node.get('in')?.string as SchemeContract['in'],
    parameterName: node.get('name')?.string,
    httpScheme: node.get('scheme')?.string?.toLowerCase(),
    node,
  }
}

import type { SchemeContract, SecurityRequirement } from '../../model/contract.ts'
import type { SpecNode } from '../../model/spec-node.ts'

/**
 * Who may call (OpenAPI §4.30): the operation's own `security`, else the document's. Undefined where neither asks for
 * anything; a requirement naming an unknown scheme is dropped here, 2-check has refused it.
 */
export function readSecurity(root: SpecNode, operation: SpecNode): SecurityRequirement[] | undefined {
  const list = operation.get('security') ?? root.get('security')
  if (list === undefined || list.items().length === 0) return undefined
  return list.items().map((requirement) =>
    requirement.entries().flatMap(([name, scopes]) => {
      const scheme = readScheme(root, name)
      return scheme === undefined ? [] : [{ scheme, scopes: scopes.items().flatMap((scope) => scope.string ?? []) }]
    }),
  )
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

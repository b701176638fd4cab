import type { SpecNode } from '../../model/spec-node.ts'
import { partsOf } from '../schema-types.ts'

/** Whether a property is never in an answer: `writeOnly`, in whatever part of what is said about it. */
export function isHidden(node: SpecNode): boolean {
  return partsOf(node).some((part) => part.at('writeOnly')?.value === true)
}

/** Lists of roles, of each of which one is needed to see the property; [] where everybody may. */
export function rolesFor(node: SpecNode): (readonly string[])[] {
  return partsOf(node).flatMap((part) => {
    const roles = part.at('x-proxy')?.at('visibleTo')?.value
    return Array.isArray(roles) ? [roles as string[]] : []
  })
}

import { Kind, type Linked, type Member, matches } from './linked.ts'
import type { Name } from './names.ts'
import { instanceNamespace } from './nil.ts'
import type { Walk } from './walk.ts'

/** Whether the element that has just been opened has an attribute that the schema knows. */
export function hasKnownAttribute({ scanner: { attributes } }: Pick<Walk, 'scanner'>, linked: Linked): boolean {
  for (let i = 0; i < attributes.count; i++) {
    if (linked.attributes.some((member) => isAttribute(member, attributes.name(i), attributes.uri(i)))) return true
  }
  return false
}

/** Whether the schema knows all of them, those aside that are XML's own. */
export function knowsAttributes({ scanner: { attributes } }: Walk, linked: Linked): boolean {
  if (linked.kind !== Kind.object && linked.kind !== Kind.scalar) return true
  for (let i = 0; i < attributes.count; i++) {
    const uri = attributes.uri(i)
    if (attributes.isDeclaration(i) || uri === instanceNamespace || attributes.name(i).prefix === 'xml') continue
    if (!linked.attributes.some((member) => isAttribute(member, attributes.name(i), uri))) return false
  }
  return true
}

function isAttribute(member: Member, name: Name, uri: string): boolean {
  return matches(member.match, name, uri, '') > 0
}

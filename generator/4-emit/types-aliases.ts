import { createRequire } from 'node:module'
import type TypeScript from 'typescript'

// As openapi-typescript itself loads it: there is one compiler in memory.
const ts = createRequire(import.meta.url)('typescript') as typeof TypeScript

/**
 * Gives the types of these component schemas names of their own: TypeScript lets an alias name itself inside of a list, but not
 * a member of an interface.
 */
export function withAliases(nodes: readonly TypeScript.Node[], schemas: ReadonlySet<string>): TypeScript.Node[] {
  if (schemas.size === 0) return [...nodes]
  const { factory } = ts
  const names = aliasNames(schemas)
  const aliases: TypeScript.Node[] = []
  const alias = (member: TypeScript.TypeElement): TypeScript.TypeElement => {
    if (!ts.isPropertySignature(member) || member.type === undefined) return member
    if (!(ts.isIdentifier(member.name) || ts.isStringLiteral(member.name))) return member
    const name = names.get(member.name.text)
    if (name === undefined) return member
    aliases.push(factory.createTypeAliasDeclaration(undefined, name, undefined, byAlias(member.type, names)))
    const type = factory.createTypeReferenceNode(name)
    return factory.updatePropertySignature(member, member.modifiers, member.name, member.questionToken, type)
  }
  const named = nodes.map((node) => {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== 'components') return node
    const members = node.members.map((member) => inSchemas(member, alias))
    const { modifiers, typeParameters, heritageClauses } = node
    return factory.updateInterfaceDeclaration(node, modifiers, node.name, typeParameters, heritageClauses, members)
  })
  return [...named, ...aliases]
}

function aliasNames(schemas: ReadonlySet<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const schema of schemas) {
    const stem = `Schema_${schema.replace(/[^A-Za-z0-9_]/g, '_')}`
    let name = stem
    for (let n = 2; taken.has(name); n++) name = `${stem}_${n}`
    taken.add(name)
    names.set(schema, name)
  }
  return names
}

function inSchemas(
  member: TypeScript.TypeElement,
  alias: (member: TypeScript.TypeElement) => TypeScript.TypeElement,
): TypeScript.TypeElement {
  if (!ts.isPropertySignature(member) || member.type === undefined || !ts.isTypeLiteralNode(member.type)) return member
  if (!ts.isIdentifier(member.name) || member.name.text !== 'schemas') return member
  const type = ts.factory.createTypeLiteralNode(member.type.members.map(alias))
  return ts.factory.updatePropertySignature(member, member.modifiers, member.name, member.questionToken, type)
}

/** `components["schemas"]["Tree"]` becomes the alias: only a name is looked up late enough. */
function byAlias(type: TypeScript.TypeNode, names: ReadonlyMap<string, string>): TypeScript.TypeNode {
  const visit = (node: TypeScript.Node): TypeScript.Node => {
    const name = ts.isIndexedAccessTypeNode(node) ? names.get(schemaOf(node) ?? '') : undefined
    if (name !== undefined) return ts.factory.createTypeReferenceNode(name)
    return ts.visitEachChild(node, visit, undefined)
  }
  return visit(type) as TypeScript.TypeNode
}

/** The X of `components["schemas"]["X"]`. */
function schemaOf({ objectType, indexType }: TypeScript.IndexedAccessTypeNode): string | undefined {
  if (!ts.isIndexedAccessTypeNode(objectType) || textOf(objectType.indexType) !== 'schemas') return undefined
  return textOf(indexType)
}

function textOf(type: TypeScript.TypeNode): string | undefined {
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? type.literal.text : undefined
}

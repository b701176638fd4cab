import { readFile } from 'node:fs/promises'
import { Node, type ObjectLiteralExpression, Project, type SourceFile, SyntaxKind } from 'ts-morph'
import type { WrittenHook, WrittenHooks } from '../../model/hooks.ts'
import type { Place } from '../../model/place.ts'
import type { Reporter } from '../../report/reporter.ts'
import type { Sources } from '../../report/sources.ts'

/**
 * Reads what a hooks file exports; its code is only read, never run. Each export is an object with the hooks of one
 * operation: `export const getOrder: Hooks['getOrder'] = { onRequest(request) { … } }`.
 */
export async function readHooks(
  path: string,
  file: string,
  sources: Sources | undefined,
  reporter: Reporter,
): Promise<WrittenHooks> {
  const text = await readFile(path, 'utf8')
  sources?.add(file, text)
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true })
  const source = project.createSourceFile('hooks.ts', text)
  const exports: WrittenHook[] = []
  for (const [name, [declaration]] of source.getExportedDeclarations()) {
    if (declaration === undefined || isType(declaration)) continue
    const place = placeOf(source, declaration, file)
    const object = objectOf(declaration)
    if (object === undefined) reporter.report('hook-not-object', place, { name })
    else exports.push({ name, place, members: membersOf(source, object, file) })
  }
  return { file, exports }
}

function isType(node: Node): boolean {
  return Node.isInterfaceDeclaration(node) || Node.isTypeAliasDeclaration(node)
}

/** `{ … }`, also behind `satisfies` and `as`; not with `...others` in it, whose hooks nothing here would see. */
function objectOf(declaration: Node): ObjectLiteralExpression | undefined {
  let node = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined
  while (Node.isSatisfiesExpression(node) || Node.isAsExpression(node) || Node.isParenthesizedExpression(node)) {
    node = node.getExpression()
  }
  const object = node?.asKind(SyntaxKind.ObjectLiteralExpression)
  return object?.getProperties().some(Node.isSpreadAssignment) === true ? undefined : object
}

function membersOf(source: SourceFile, object: ObjectLiteralExpression, file: string): WrittenHook['members'] {
  return object.getProperties().flatMap((property) => {
    const named = Node.isSpreadAssignment(property) ? undefined : property
    return named === undefined ? [] : [{ name: named.getName(), place: placeOf(source, named, file) }]
  })
}

function placeOf(source: SourceFile, node: Node, file: string): Place {
  const { line, column } = source.getLineAndColumnAtPos(node.getStart())
  return { file, pointer: '', line, column }
}

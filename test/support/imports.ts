import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { repository } from './repository.ts'

export interface Import {
  /** The importing file, relative to the repository. */
  readonly file: string
  /** A file relative to the repository, `node:…`, or the name of a package with its sub-path. */
  readonly target: string
  readonly typeOnly: boolean
  readonly line: number
}

const skipped = new Set(['node_modules', 'dist', '.build', '.git', '.cache'])

/** TypeScript files under `folder` (relative to the repository), sorted. */
export function sourceFiles(folder: string): string[] {
  const found: string[] = []
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(repository, path), { withFileTypes: true })) {
      if (skipped.has(entry.name)) continue
      const inner = `${path}/${entry.name}`
      if (entry.isDirectory()) walk(inner)
      else if (/\.(ts|mts|js|mjs)$/.test(entry.name)) found.push(inner)
    }
  }
  walk(folder)
  return found.sort()
}

/** Every import, re-export and dynamic import of a file. */
export function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(repository, file), 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const add = (specifier: ts.Node, typeOnly: boolean): void => {
    if (!ts.isStringLiteral(specifier)) return
    const { text } = specifier
    const target = text.startsWith('.') ? relative(repository, join(repository, dirname(file), text)) : text
    const line = source.getLineAndCharacterOfPosition(specifier.getStart()).line + 1
    found.push({ file, target: target.replaceAll('\\', '/'), typeOnly, line })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node))
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node.moduleSpecifier, node.isTypeOnly)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      if (node.arguments[0] !== undefined) add(node.arguments[0], false)
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function isTypeOnly(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause
  if (clause === undefined) return false
  if (clause.isTypeOnly) return true
  const named = clause.namedBindings
  if (clause.name !== undefined || named === undefined || ts.isNamespaceImport(named)) return false
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly)
}

/** Whether a file holds nothing but re-exports. */
export function isBarrel(file: string): boolean {
  const source = ts.createSourceFile(file, readFileSync(join(repository, file), 'utf8'), ts.ScriptTarget.Latest)
  return (
    source.statements.length > 0 &&
    source.statements.every((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined)
  )
}

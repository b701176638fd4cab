import type { Scope } from './define.ts'

/** What challenges call the service (RFC 9110 §11.5): the document's title. */
export function realmOf(scope: Scope): string {
  const title = scope.node.tree.root.path('info', 'title')?.string?.trim()
  return title === undefined || title === '' ? 'api' : title
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The list of decisions, by the title each page gives itself. */
export function decisionsPage(root: string): string {
  const folder = join(root, 'docs', 'decisions')
  const lines = readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => `- [${/^# (.+)$/m.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? name}](${name})`)
  return `<!-- Derived from the pages by \`npm run docs\`; changes made here are lost. -->
# Decisions

Why things are as they are: one page each, written when the decision was taken. What is built now is described in
[ARCHITECTURE.md](../../ARCHITECTURE.md).

${lines.join('\n')}
`
}

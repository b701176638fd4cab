import { vocabulary } from '../../generator/model/vocabulary.ts'
import type { AnyPolicy, Level } from '../../generator/policies/define.ts'
import { policies } from '../../generator/policies/index.ts'
import { optionTable } from './option-table.ts'
import { kebab, keyOf } from './vocabulary.ts'

const levelWords: Readonly<Record<Level, string>> = {
  document: 'the document',
  path: 'a path item',
  operation: 'an operation',
  scheme: 'a security scheme',
  schema: 'a schema',
}

const derived = '<!-- Derived from the code by `npm run docs`; changes made here are lost. -->'

/** The reference: a page per policy, one for the compiler's own keys, and their list. */
export function referencePages(): Map<string, string> {
  const pages = new Map<string, string>([
    ['docs/reference/README.md', indexPage()],
    ['docs/reference/document.md', documentPage()],
  ])
  for (const policy of policies) pages.set(`docs/reference/${kebab(policy.name)}.md`, policyPage(policy))
  return pages
}

function indexPage(): string {
  const rows = policies.map((policy) => {
    const key = policy.options === null ? '' : `\`${keyOf(policy)}\``
    return `| [${policy.name}](${kebab(policy.name)}.md) | ${key} | ${policy.levels.map((level) => levelWords[level]).join(', ')} | ${policy.summary} |`
  })
  return `${derived}
# Reference

Everything \`x-proxy\` can say: [the compiler's own keys](document.md), and the policies, in the order in which a request
meets them. Findings of the compiler are listed in [diagnostics](../diagnostics.md).

| policy | key | may stand on | |
|---|---|---|---|
${rows.join('\n')}
`
}

function documentPage(): string {
  const parts = vocabulary.map(
    ({ key, summary, levels, options }) =>
      `## \`${key}\`\n\n${summary}\n\nMay stand on ${listed(levels.map((level) => levelWords[level]))}.\n\n${optionTable(options)}\n`,
  )
  return `${derived}\n# The compiler's own keys\n\n${parts.join('\n')}`
}

function policyPage(policy: AnyPolicy): string {
  const key = keyOf(policy)
  const lines = [derived, `# ${policy.name}`, '', policy.summary, '']
  if (policy.options === null) lines.push('It has no key of its own: it follows from the document.')
  else {
    const named = policy.each === true ? `, as a map of names: \`${key}.<name>\`` : ''
    lines.push(`Key \`${key}\`${named}. May stand on ${listed(policy.levels.map((level) => levelWords[level]))}.`)
    if (policy.instance === 'shared') {
      lines.push('Written on the document or a path item it is one instance that all operations there share.')
    }
    lines.push('', policy.default === undefined ? 'Off until asked for.' : 'On by default.')
    lines.push('', '## Options', '', optionTable(policy.options))
  }
  const answers = Object.entries(policy.answers ?? {})
  if (answers.length > 0) {
    lines.push(
      '',
      '## Answers it can give',
      '',
      ...answers.map(([status, about]) => `- \`${status}\` ${typeof about === 'string' ? about : about.description}`),
    )
  }
  const folder = kebab(policy.name)
  lines.push('', `Guide: [generator/policies/${folder}](../../generator/policies/${folder}/README.md) ·`)
  lines.push(`code: [runtime/policies/${folder}](../../runtime/policies/${folder}) ·`)
  lines.push(`promises: [test/cases/${folder}](../../test/cases/${folder})`, '')
  return lines.join('\n')
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

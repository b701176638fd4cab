import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { repository } from './support/repository.ts'

const pages = [
  ...readdirSync(repository).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
  'test/cases/README.md',
]

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(repository, page), 'utf8')

  test('links to what is there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target]) => target!)
    expect(targets.filter((target) => !existsSync(join(repository, dirname(page), target)))).toEqual([])
  })

  test('quotes files as they are', () => {
    // A block after `<!-- file: path -->` is a piece of that file, or all of it.
    const quotes = [...text.matchAll(/<!-- file: (\S+) -->\n```\w*\n([\s\S]*?)```/g)]
    for (const [, file, quoted] of quotes) {
      expect(readFileSync(join(repository, file!), 'utf8'), file).toContain(quoted)
    }
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readDocument } from '../generator/1-read/read.ts'
import { checkDocument } from '../generator/2-check/check.ts'
import { policies } from '../generator/policies/index.ts'
import { Reporter } from '../generator/report/reporter.ts'
import { documentsAtFault } from './corpus/documents.ts'
import { repository } from './support/repository.ts'

const corpus = `${repository}../shared/corpus`
const has = existsSync(`${corpus}/documents/index.tsv`)

interface Verdict {
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

async function judge(file: string): Promise<Verdict> {
  const reporter = new Reporter()
  const read = await readDocument(file, { root: corpus }, reporter)
  if (read !== undefined) checkDocument(read.tree, reporter, { policies, version: read.version })
  const codes = (severity: string) => [
    ...new Set(reporter.diagnostics.filter((one) => one.severity === severity).map(({ code }) => code)),
  ]
  return { errors: codes('error'), warnings: codes('warning') }
}

/** Rows of a table of the corpus, by column; [] where there is no corpus. */
function rows(file: string): Record<string, string>[] {
  if (!has) return []
  const [head = '', ...lines] = readFileSync(`${corpus}/${file}`, 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  return lines.map((line) => Object.fromEntries(line.split('\t').map((cell, index) => [names[index] ?? '', cell])))
}

const documents = rows('documents/index.tsv').map(({ file }) => `documents/${file}`)
const sound = documents.filter((file) => !file.startsWith('documents/invalid/'))
const large = rows('large/index.tsv').map(({ file }) => `large/${file}`)
const invalid = rows('documents/invalid/expect.tsv')

describe.skipIf(!has)('documents of the corpus (../shared/corpus)', () => {
  test.each([...sound, ...large])('%s compiles, or says what is wrong in it', async (file) => {
    const { errors } = await judge(file)
    expect(errors.filter((code) => documentsAtFault[file]?.includes(code) !== true)).toEqual([])
  })

  test.each(invalid)('$file is refused: $reason ($strictness)', async ({ file, strictness }) => {
    const { errors, warnings } = await judge(`documents/invalid/${file}`)
    expect(strictness === 'hard' ? errors : [...errors, ...warnings]).not.toEqual([])
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { repository } from '../support/repository.ts'

/** Real documents, kept beside the repository: their licences differ, so none is copied into it. */
export const corpus = `${repository}../shared/corpus`
export const hasCorpus = existsSync(`${corpus}/documents/index.tsv`)

export type Part = 'main' | 'tricky' | 'large'

export interface CorpusDocument {
  /** Relative to {@link corpus}. */
  readonly file: string
  readonly part: Part
  /** Operations as the index counts them, paths only. */
  readonly operations: number
}

/** Every document that is not there to be refused; [] where there is no corpus. */
export function corpusDocuments(): CorpusDocument[] {
  if (!hasCorpus) return []
  const documents = rows('documents/index.tsv')
    .filter(({ file = '' }) => !file.startsWith('invalid/'))
    .map(
      ({ file = '', ops }): CorpusDocument => ({
        file: `documents/${file}`,
        part: file.startsWith('tricky/') ? 'tricky' : 'main',
        operations: Number(ops ?? 0),
      }),
    )
  const large = rows('large/index.tsv').map(
    ({ file = '', ops }): CorpusDocument => ({ file: `large/${file}`, part: 'large', operations: Number(ops ?? 0) }),
  )
  return [...documents, ...large]
}

/** A table with a head line, by column. */
function rows(table: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(`${corpus}/${table}`, 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  return lines.map((line) => Object.fromEntries(line.split('\t').map((cell, index) => [names[index] ?? '', cell])))
}

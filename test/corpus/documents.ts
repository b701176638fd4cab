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

/**
 * Real documents that are at fault themselves, with what is wrong in them. Anything else that is refused is our mistake.
 */
export const documentsAtFault: Readonly<Record<string, readonly string[]>> = {
  'documents/ga4gh-drs/data_repository_service.openapi.yaml': ['remote-ref'],
  'documents/google-pubsub.json': ['path-conflict'],
  'documents/sdmx-rest.yaml': ['path-variable-undeclared', 'path-parameter-unused'],
  'documents/vtex-catalog.json': ['path-conflict'],
  'documents/xero-accounting.yaml': ['path-conflict'],
  'documents/cloudmersive-ocr.json': ['unknown-value'],
  'documents/tricky/heyapi-2.0.x-full/full.yaml': [
    'type-not-here',
    'ref-kind',
    'path-variable-undeclared',
    'path-parameter-unused',
    'path-parameter-optional',
  ],
  'documents/tricky/heyapi-3.0.x-full/full.yaml': [
    'ref-kind',
    'path-variable-undeclared',
    'path-parameter-unused',
    'path-parameter-optional',
  ],
  'documents/tricky/heyapi-3.1.x-full/full.yaml': [
    'ref-kind',
    'path-variable-undeclared',
    'path-parameter-unused',
    'path-parameter-optional',
  ],
  'documents/tricky/heyapi-external-v2/external.yaml': ['path-parameter-unused'],
  'documents/tricky/kin-issue638/test1.yaml': ['unknown-value'],
  'documents/tricky/kin-relative-docs/openapi/openapi.yml': ['path-variable-undeclared', 'path-parameter-unused'],
  'documents/tricky/libopenapi-all-the-components.yaml': ['unknown-security-scheme'],
  'documents/tricky/libopenapi-nested-files/openapi.yaml': ['unknown-security-scheme'],
  'documents/tricky/libopenapi-mixedref-http/mixedref-burgershop.openapi.yaml': ['remote-ref', 'ref-file'],
  'documents/tricky/mermade-ref-encoding2.yaml': ['ref-not-found'],
  'documents/tricky/oai32-security-scheme-object-examples.yaml': ['remote-ref'],
  'large/jellyfin.json': ['path-conflict'],
  'large/libopenapi-xsoar.json': ['ref-not-found'],
}

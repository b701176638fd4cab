import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import SwaggerParser from '@apidevtools/swagger-parser'
import { describe, expect, test } from 'vitest'
import type { SpecNode } from '../model/spec-node.ts'
import { Reporter } from '../report/reporter.ts'
import { readDocument } from './read.ts'

/** Real documents, beside the repository where the workshop has them. They are never copied into it. */
const corpus = fileURLToPath(new URL('../../../shared/corpus', import.meta.url))
const documents = join(corpus, 'documents')
const isThere = existsSync(join(documents, 'index.tsv'))
if (!isThere) console.warn('skipped: the corpus of real documents (../shared/corpus is missing)')

interface Row {
  readonly file: string
  readonly version: string
  readonly bytes: number
  readonly operations: number
}

function rows(folder: string, index: string): Row[] {
  if (!isThere) return []
  const lines = readFileSync(join(folder, index), 'utf8').trim().split('\n').slice(1)
  return lines.map((line) => {
    const columns = line.split('\t')
    return { file: columns[0]!, version: columns[3]!, bytes: Number(columns[6]), operations: Number(columns[7]) }
  })
}

const valid = rows(documents, 'index.tsv').filter(({ file }) => !file.startsWith('invalid/'))
const large = rows(join(corpus, 'large'), 'index.tsv').map((row) => ({ ...row, file: `../large/${row.file}` }))

/** Where the index does not follow references, or counts an extension of `paths`. */
const counted: Readonly<Record<string, number>> = {
  'ga4gh-drs/data_repository_service.openapi.yaml': 9,
  'tricky/mermade-extensionsEverywhere.yaml': 6,
  'tricky/oapits-path-item-components.yaml': 1,
}

/** Documents whose authors refer to what is not there, or not on this machine. */
const broken = new Set([
  'ga4gh-drs/data_repository_service.openapi.yaml',
  'tricky/heyapi-2.0.x-full/full.yaml',
  'tricky/libopenapi-mixedref-http/mixedref-burgershop.openapi.yaml',
  'tricky/mermade-ref-encoding2.yaml',
  'tricky/oai32-security-scheme-object-examples.yaml',
  '../large/libopenapi-xsoar.json',
])

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'])

function countOperations(root: SpecNode): number {
  const items = root.get('paths')?.entries() ?? []
  const counts = items.map(([path, item]) =>
    path.startsWith('x-')
      ? 0
      : item.entries().filter(([key]) => methods.has(key)).length +
        (item.at('additionalOperations')?.entries().length ?? 0),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

describe.skipIf(!isThere)('real documents', () => {
  test.each([...valid, ...large])('$file', async ({ file, operations }) => {
    const reporter = new Reporter()
    const read = await readDocument(file, { root: documents }, reporter)
    expect(countOperations(read!.tree.root)).toBe(counted[file] ?? operations)
    const errors = reporter.diagnostics.filter(({ severity }) => severity === 'error')
    if (broken.has(file)) expect(errors).not.toEqual([])
    else expect(errors).toEqual([])
    // A tree of objects without circles, in size linear to what was read.
    expect(JSON.stringify(read!.tree.root.value).length).toBeGreaterThan(50)
  })

  const oracle = valid.filter(({ version, bytes }) => /^3\.[01]/.test(version) && bytes < 200_000)
  /** Its schema of 3.1 refuses a description of a server variable, and a licence without a URL. */
  const mistaken = /variables\/\w+ must NOT have unevaluated|#\/info\/license must/

  test.each(oracle)('swagger-parser accepts $file as it did', async ({ file }) => {
    const original = await verdictOf(join(documents, file))
    if (original !== undefined) return
    const read = await readDocument(file, { root: documents }, new Reporter())
    const verdict = await verdictOf(structuredClone(read!.tree.root.value))
    if (verdict !== undefined) expect(verdict).toMatch(mistaken)
  })
})

/** What swagger-parser holds against a document. */
async function verdictOf(document: unknown): Promise<string | undefined> {
  const options = { resolve: { http: false }, dereference: { circular: 'ignore' } }
  try {
    await new SwaggerParser().validate(document as never, options as never)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** What reading itself finds, and where; the rest is the check's. */
const found: Readonly<Record<string, readonly string[]>> = {
  'kin-issue235-typo.yml': ['ref-file /components/schemas/ObjectA/properties/object_b/$ref'],
  'mermade-api-with-examples.yaml': ['yaml-outdented '],
  'mermade-internalPathItemRef.yaml': ['ref-not-found /paths/~1test/$ref'],
  'mermade-missingPathItemRef.yaml': ['ref-file /paths/~1test/$ref'],
  'mermade-refAsInteger.yaml': ['ref-invalid /components/schemas/mySchema/$ref'],
  'mermade-yamlbomb.yaml': ['alias-cycle /info/x-bye'],
  'not-openapi-jsonschema.yml': ['not-openapi '],
  'not-openapi-package.json': ['not-openapi '],
  'not-openapi-slack-asyncapi.json': ['not-openapi '],
  'swparser-array-no-items.yaml': ['items-missing /paths/~1users/parameters/0/type'],
  'swparser-body-and-form-params.yaml': [],
  'swparser-multi-path-param.yaml': [],
  'swparser-multiple-body-params.yaml': [],
  'swparser-newer-version.yaml': ['version-unknown /swagger'],
  'swparser-not-swagger.yaml': ['not-openapi '],
  'swparser-numeric-version.yaml': ['version-not-text /swagger'],
  'swparser-old-version.yaml': ['version-unknown /swagger'],
  'swparser-ref-to-invalid-path.yaml': ['ref-kind /paths/~1products/$ref'],
}

describe.skipIf(!isThere)('documents that must be refused', () => {
  test.each(Object.entries(found))('%s', async (file, expected) => {
    const reporter = new Reporter()
    await readDocument(file, { root: join(documents, 'invalid') }, reporter)
    const errors = reporter.diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.length).toBeGreaterThan(0)
    const places = errors.map(({ code, place }) => `${code} ${place.pointer}`)
    for (const one of expected) expect(places).toContain(one)
  })
})

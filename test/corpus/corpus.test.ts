import { afterAll, describe, expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { failuresOf } from './document-result.ts'
import { corpusDocuments, hasCorpus } from './documents.ts'
import { runDocument } from './run-document.ts'
import { TypeChecker } from './type-checker.ts'

/** A slice of `npm run test:corpus` that takes a minute: every version, single and multi-file, every style of parameter. */
const slice = [
  'documents/bufferapp.json',
  'documents/httpbin.json',
  'documents/matrix-client-server/api/client-server/registration.yaml',
  'documents/mercure.json',
  'documents/oai-v2.0-uber.json',
  'documents/oai-v3.1-tictactoe.yaml',
  'documents/swagger-petstore.yaml',
  'documents/train-travel/openapi.yaml',
  'documents/tricky/heyapi-3.1.x-validators.yaml',
  'documents/tricky/oai32-path-item-object-example.yaml',
  'documents/tricky/oapicodegen-parameters-roundtrip.yaml',
  'documents/tricky/oapicodegen-path-edge-cases.yaml',
]

describe.skipIf(!hasCorpus)('documents of the corpus (../shared/corpus), a slice', () => {
  const checker = new TypeChecker()
  const out = tempFolder('corpus')
  const documents = corpusDocuments().filter(({ file }) => slice.includes(file))
  afterAll(() => {
    checker.stop()
    out.remove()
  })

  test('is there', () => {
    expect(documents.map(({ file }) => file)).toEqual(expect.arrayContaining(slice))
  })

  test.each(documents)(
    '$file compiles, passes tsc, takes what is valid and refuses what is not',
    async (document) => {
      const result = await runDocument(document, out.path, checker)
      expect(failuresOf(result)).toEqual([])
      expect(result.tried?.validPassed).toBeGreaterThan(0)
    },
    120_000,
  )
})

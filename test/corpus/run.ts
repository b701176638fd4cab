import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { limit } from '../support/limit.ts'
import { repository } from '../support/repository.ts'
import { type DocumentResult, failuresOf } from './document-result.ts'
import { corpusDocuments, hasCorpus } from './documents.ts'
import { report } from './report.ts'
import { runDocument } from './run-document.ts'
import { TypeChecker } from './type-checker.ts'

// npm run test:corpus [-- part of a file name …]: without names every document, and the results become docs/corpus.md.

if (!hasCorpus) {
  console.log('skipped: there is no ../shared/corpus beside the repository')
  process.exit(0)
}
const names = process.argv.slice(2)
const documents = corpusDocuments().filter(
  ({ file }) => names.length === 0 || names.some((name) => file.includes(name)),
)
const out = join(repository, '.cache', 'corpus')
rmSync(out, { recursive: true, force: true })
const checker = new TypeChecker()
const inTurn = limit(2)
let done = 0
const results = await Promise.all(
  documents.map((document) =>
    inTurn(async (): Promise<DocumentResult> => {
      const result = await runDocument(document, out, checker)
      print(result, `${++done}/${documents.length}`)
      return result
    }),
  ),
)
checker.stop()
const text = report(results)
if (names.length === 0) writeFileSync(join(repository, 'docs', 'corpus.md'), text)
writeFileSync(join(out, 'results.json'), JSON.stringify(results, null, 1))
console.log(text.slice(text.indexOf('| total'), text.indexOf('## ')))
process.exitCode = results.some((result) => failuresOf(result).length > 0) ? 1 : 0

function print(result: DocumentResult, count: string): void {
  const { document, compiled, tried } = result
  const failures = failuresOf(result)
  const said =
    compiled?.folder === undefined
      ? 'not compiled'
      : `${compiled.operations} operations, ${compiled.milliseconds} ms, ${tried?.validPassed ?? 0} of ${tried?.validSent ?? 0} passed, ${tried?.mutationsRefused ?? 0} of ${tried?.mutationsSent ?? 0} refused`
  console.log(`${count} ${document.file}: ${said}${failures.length === 0 ? '' : `, ${failures.length} FAILURES`}`)
  for (const { kind, text } of failures.slice(0, names.length === 0 ? 2 : 20))
    console.log(`    ${kind}: ${text.slice(0, 600)}`)
}

import { writeFileSync } from 'node:fs'
import { repository } from '../support/repository.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { report, type VersionResult } from './report.ts'
import { runSuite } from './run-suite.ts'
import { groupsOf, hasSuite, suiteFiles, type Version } from './suite.ts'

// npm run test:json-schema: every test of the official suite, through services; the results become docs/json-schema.md.

if (!hasSuite) {
  console.log('skipped: no JSON-Schema-Test-Suite in ../shared/conformance, nor where JSON_SCHEMA_TEST_SUITE says')
  process.exit(0)
}
const results: VersionResult[] = []
for (const version of ['3.0', '3.1'] satisfies Version[]) {
  const out = tempFolder(`json-schema-${version}`)
  try {
    const groups = suiteFiles(version).flatMap((file) => groupsOf(version, file))
    results.push({ version, ...(await runSuite(out.path, version, groups)) })
  } finally {
    out.remove()
  }
}
const { text, surprises } = report(results)
writeFileSync(`${repository}docs/json-schema.md`, text)
console.log(text.slice(text.indexOf('| suite')))
for (const line of surprises) console.log(`UNEXPECTED ${line}`)
process.exitCode = surprises.length === 0 ? 0 : 1

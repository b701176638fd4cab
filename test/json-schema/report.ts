import { deviations, isKnown } from './deviations.ts'
import { isAsPromised, type SuiteRun } from './run-suite.ts'
import type { Version } from './suite.ts'

export interface VersionResult extends SuiteRun {
  readonly version: Version
}

const names: Readonly<Record<Version, string>> = { '3.0': 'draft 4, in OpenAPI 3.0', '3.1': '2020-12, in OpenAPI 3.1' }

/** `docs/json-schema.md`, and what differs from the suite without being listed as a deviation. */
export function report(results: readonly VersionResult[]): { text: string; surprises: string[] } {
  const surprises = results.flatMap(({ version, outcomes, refused }) => [
    ...outcomes
      .filter((one) => !isAsPromised(one) && !isKnown(version, one.group.file, one.test.description))
      .map(
        ({ group, test, status }) => `${version} ${group.file}: ${group.description}: ${test.description}: ${status}`,
      ),
    ...refused
      .filter(({ group }) => !isKnown(version, group.file, group.description))
      .map(({ group, reason }) => `${version} ${group.file}: ${group.description}: ${reason}`),
  ])
  const text = [
    '<!-- Written by `npm run test:json-schema`; changes made here are lost. -->',
    '# JSON Schema',
    '',
    'The official [JSON-Schema-Test-Suite](https://github.com/json-schema-org/JSON-Schema-Test-Suite) through generated services: each',
    'group of tests is an operation, its schema the schema of the body; each instance is posted to the running proxy. A valid one',
    'must reach the upstream, any other must be refused with 400 and must not. For OpenAPI 3.0 the tests of draft 4 whose schemas',
    '3.0 can say are taken. Schemas of the suite are files of their own, those "on the network" are components with that `$id`.',
    '`npm test` runs a slice of it.',
    '',
    '| suite | required | optional | formats |',
    '| --- | ---: | ---: | ---: |',
    ...results.map(({ version, ...run }) => `| ${[names[version], ...scores(run)].join(' | ')} |`),
    '',
    '## What comes out differently',
    '',
    ...deviations.map(({ version, file, tests, reason }) => {
      const which = tests === undefined ? '' : `: ${tests.map((test) => `*${test}*`).join(', ')}`
      return `- OpenAPI ${version}, \`${file}\`${which}\n  — ${reason}`
    }),
    '',
    ...(surprises.length === 0 ? [] : ['## Failures', '', ...surprises.map((line) => `- ${line}`), '']),
  ].join('\n')
  return { text, surprises }
}

/** As promised, of how many: required, optional, formats. Tests of refused groups count as not. */
function scores({ outcomes, refused }: SuiteRun): string[] {
  const kind = (file: string): number => (file.startsWith('optional/format') ? 2 : file.startsWith('optional') ? 1 : 0)
  return [0, 1, 2].map((which) => {
    const own = outcomes.filter(({ group }) => kind(group.file) === which)
    const lost = refused.filter(({ group }) => kind(group.file) === which).flatMap(({ group }) => group.tests)
    return `${own.filter(isAsPromised).length} of ${own.length + lost.length}`
  })
}

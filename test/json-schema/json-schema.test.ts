import { afterAll, describe, expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { isKnown } from './deviations.ts'
import { isAsPromised, runSuite } from './run-suite.ts'
import { groupsOf, hasSuite, suiteFiles, type Version } from './suite.ts'

/** What compilers of schemas get wrong; `npm run test:json-schema` posts the rest too. */
const slice: Readonly<Record<Version, readonly string[]>> = {
  '3.0': [
    'additionalProperties',
    'allOf',
    'enum',
    'items',
    'maximum',
    'minimum',
    'not',
    'oneOf',
    'pattern',
    'ref',
    'type',
  ],
  '3.1': [
    ...[
      'anchor',
      'boolean_schema',
      'const',
      'dependentSchemas',
      'dynamicRef',
      'if-then-else',
      'infinite-loop-detection',
    ],
    ...['prefixItems', 'propertyNames', 'ref', 'refRemote', 'required', 'unevaluatedItems', 'unevaluatedProperties'],
    ...['uniqueItems', 'optional/bignum', 'optional/ecmascript-regex', 'optional/float-overflow'],
  ],
}

describe.skipIf(!hasSuite)('JSON-Schema-Test-Suite through a running proxy (../shared/conformance), a slice', () => {
  const out = tempFolder('json-schema')
  afterAll(() => out.remove())

  test.each<Version>(['3.0', '3.1'])(
    'OpenAPI %s: valid instances pass, others are refused before the upstream',
    async (version) => {
      const files = suiteFiles(version).filter((file) => slice[version].includes(file.replace(/\.json$/, '')))
      expect(files).toHaveLength(slice[version].length)
      const groups = files.flatMap((file) => groupsOf(version, file))
      const { outcomes, refused } = await runSuite(`${out.path}/${version}`, version, groups)
      expect(outcomes.length).toBeGreaterThan(200)
      const wrong = outcomes.filter(
        (one) => !isAsPromised(one) && !isKnown(version, one.group.file, one.test.description),
      )
      expect(
        wrong.map(
          ({ group, test: one, status }) => `${group.file}: ${group.description}: ${one.description}: ${status}`,
        ),
      ).toEqual([])
      const surprising = refused.filter(({ group }) => !isKnown(version, group.file, group.description))
      expect(surprising.map(({ group, reason }) => `${group.file}: ${group.description}: ${reason}`)).toEqual([])
    },
    120_000,
  )
})

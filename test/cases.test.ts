import { join } from 'node:path'
import { describe, test } from 'vitest'
import { readCases } from './support/case.ts'
import { limit } from './support/limit.ts'
import { repository } from './support/repository.ts'
import { runCase } from './support/run-case.ts'

/** CASES=rate-limit or CASES=rate-limit/two-limits runs only these. */
const only = process.env['CASES'] ?? ''
const cases = readCases(join(repository, 'test', 'cases')).filter(({ file }) => file.startsWith(only))
const inTurn = limit(2)

describe.each([...new Set(cases.map(({ policy }) => policy))])('%s', (policy) => {
  for (const one of cases.filter((each) => each.policy === policy)) {
    test.concurrent(`${one.case.promise} (${one.file})`, () => inTurn(() => runCase(one.case)), 120_000)
  }
})

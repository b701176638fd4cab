import { describe, expect, test } from 'vitest'
import { diagnose, type Finding } from './support/diagnose.ts'
import { type ExpectedFinding, readRejects } from './support/reject.ts'
import { repository } from './support/repository.ts'

const cases = readRejects(`${repository}test/rejects`)

describe.each([...new Set(cases.map(({ phase }) => phase))])('%s', (phase) => {
  test.each(cases.filter((each) => each.phase === phase))('$case.promise ($file)', async ({ case: one }) => {
    const found = await diagnose(one)
    // Every error is expected; warnings may come along unmentioned.
    const expected = one.expect.map((each) => ({ file: 'spec.yaml', ...each }))
    const missing = expected.filter((each) => !found.some((finding) => answers(finding, each)))
    // Every error is expected; warnings may come along unmentioned.
    const surplus = found.filter(
      (finding) => finding.severity === 'error' && !expected.some((each) => answers(finding, each)),
    )
    expect({ missing, surplus }, `found: ${JSON.stringify(found, undefined, 1)}`).toEqual({ missing: [], surplus: [] })
  })
})

function answers(finding: Finding, { code, file, line, column, severity, says = '' }: ExpectedFinding): boolean {
  return (
    finding.code === code &&
    finding.file === file &&
    finding.line === line &&
    finding.column === column &&
    (severity === undefined || finding.severity === severity) &&
    finding.message.includes(says)
  )
}

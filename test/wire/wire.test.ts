import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileService } from '../support/compile-service.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { forwardingDocument } from './document.ts'
import { hasRawCases, rawCaseGroups, runRawCases } from './raw-cases.ts'

// `npm run test:wire` writes what these gave into docs/wire.md.
describe.skipIf(!hasRawCases)('raw-socket cases (../shared/conformance/wire) against an emitted service', async () => {
  const folder = tempFolder('wire')
  let bundle: string
  beforeAll(async () => {
    writeFileSync(join(folder.path, 'wire.json'), JSON.stringify(forwardingDocument('/u/{a}', '/r/{a}')))
    bundle = await compileService(folder.path, 'wire.json')
  }, 60_000)
  afterAll(() => folder.remove())

  const groups = hasRawCases ? await rawCaseGroups() : []
  test.concurrent.each(groups)('%s', { timeout: 300_000 }, async (group) => {
    const results = await runRawCases(bundle, group, folder.path)
    expect(results.length).toBeGreaterThan(0)
    expect(results.filter(({ pass, level }) => !pass && level !== 'info')).toEqual([])
  })
})

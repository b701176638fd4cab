import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileService } from '../support/compile-service.ts'
import { repository } from '../support/repository.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { forwardingDocument } from './document.ts'
import { hasProbe, type ProbeResult, probeSuite, runProbe } from './probe.ts'
import { hasRawCases, rawCaseGroups, runRawCases } from './raw-cases.ts'
import { wirePage } from './wire-page.ts'

// npm run test:wire [-- --http11probe CHECKOUT]: what outside suites say of an emitted service, into docs/wire.md
const folder = tempFolder('wire-run')
try {
  if (!hasRawCases) {
    console.error('skipped: the raw-socket cases; there is no ../shared/conformance/wire beside the repository')
    process.exitCode = 1
  } else {
    const bundle = await compiled('wire', '/u/{a}', '/r/{a}')
    const cases = []
    for (const group of await rawCaseGroups()) {
      const results = await runRawCases(bundle, group, folder.path)
      console.log(`${group}: ${results.filter(({ pass }) => pass).length} of ${results.length}`)
      cases.push(...results)
    }
    const suite = probeSuite()
    let probe: ProbeResult | undefined
    if (suite === undefined || !hasProbe) console.error('skipped: Http11Probe; name a checkout with --http11probe DIR')
    else {
      probe = await runProbe(await compiled('probe', '/', '/echo', '/cookie', '/{a}'), suite, folder.path)
      console.log(`Http11Probe: ${JSON.stringify(probe.must)}`)
    }
    writeFileSync(join(repository, 'docs', 'wire.md'), wirePage(cases, probe))
    const missed = cases.filter(({ pass, level }) => !pass && level !== 'info')
    for (const { id, why } of missed) console.error(`failed: ${id}: ${why.join('; ')}`)
    if (missed.length > 0 || (probe?.must['Fail'] ?? 0) > 0) process.exitCode = 1
  }
} finally {
  folder.remove()
}

async function compiled(name: string, ...paths: readonly string[]): Promise<string> {
  writeFileSync(join(folder.path, `${name}.json`), JSON.stringify(forwardingDocument(...paths)))
  return compileService(folder.path, `${name}.json`)
}

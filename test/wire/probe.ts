import { execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { repository } from '../support/repository.ts'
import { startService } from '../support/start-service.ts'
import { freePort } from './free-port.ts'

const run = promisify(execFile)
const driver = join(repository, '..', 'shared', 'conformance', 'http11probe')
export const hasProbe = existsSync(driver)

export interface ProbeResult {
  /** Tests by verdict, of those that Http11Probe scores; `must` of those an RFC demands. */
  readonly scored: Readonly<Record<string, number>>
  readonly must: Readonly<Record<string, number>>
  /** Scored tests that are not passed. */
  readonly open: readonly {
    readonly id: string
    readonly level: string
    readonly rfc: string
    readonly expected: string
    readonly verdict: string
    readonly status: number | string
  }[]
}

/** The checkout of Http11Probe that was named; undefined where none was. */
export function probeSuite(): string | undefined {
  return parseArgs({ options: { http11probe: { type: 'string' } } }).values.http11probe
}

/** Runs Http11Probe's tests against a service in front of its echo. */
export async function runProbe(bundle: string, suite: string, folder: string): Promise<ProbeResult> {
  const port = await freePort()
  const origin = spawn(process.execPath, [join(driver, 'echo-origin.mjs'), String(port)], { stdio: 'ignore' })
  const service = await startService(bundle, { UPSTREAM_DEFAULT_URL: `http://127.0.0.1:${port}` })
  try {
    const out = join(folder, 'probe.json')
    const args = ['--suite', suite, '--port', new URL(service.url).port, '--out', out]
    await run(process.execPath, [join(driver, 'run.mjs'), ...args], { timeout: 400_000, maxBuffer: 1e8 })
    const { summary, tests } = JSON.parse(readFileSync(out, 'utf8')) as {
      summary: ProbeResult
      tests: (ProbeResult['open'][number] & { readonly scored: boolean })[]
    }
    const open = tests.filter(({ scored, verdict }) => scored && verdict !== 'Pass')
    return { scored: summary.scored, must: summary.must, open }
  } finally {
    origin.kill()
    await service.stop()
  }
}

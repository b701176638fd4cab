import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repository } from '../support/repository.ts'
import { startService } from '../support/start-service.ts'
import { freePort } from './free-port.ts'

const run = promisify(execFile)

/** The raw-socket cases of outside, beside the repository; they play the client and the upstream. */
export const rawCases = join(repository, '..', 'shared', 'conformance', 'wire', 'run.mjs')
export const hasRawCases = existsSync(rawCases)

export interface CaseResult {
  readonly id: string
  readonly level: 'must' | 'should' | 'info'
  readonly pass: boolean
  /** What was not as wanted. */
  readonly why: readonly string[]
  /** The statuses the client saw, joined by commas. */
  readonly status: string
  /** The section of the RFC. */
  readonly ref: string
  readonly want: string
}

/** Longer looks at what failed at first: a machine that stalls answers late, not wrongly. */
const looks = [700, 4_000]

/**
 * Runs the cases of a group against a service of its own.
 * @param bundle a service that forwards every method on `/u/*` and `/r/*`
 * @param folder where results may be written
 */
export async function runRawCases(bundle: string, group: string, folder: string): Promise<CaseResult[]> {
  const upstreamPort = await freePort()
  const service = await startService(bundle, { UPSTREAM_DEFAULT_URL: `http://127.0.0.1:${upstreamPort}` })
  try {
    const { host } = new URL(service.url)
    let results = new Map<string, CaseResult>()
    let only = group
    for (const idle of looks) {
      const out = join(folder, `${group}-${idle}.json`)
      const args = ['--proxy', host, '--upstream-port', String(upstreamPort), '--only', only, '--idle', String(idle)]
      await run(process.execPath, [rawCases, ...args, '--out', out], { timeout: 240_000, maxBuffer: 1e8 })
      const { rows } = JSON.parse(readFileSync(out, 'utf8')) as { rows: CaseResult[] }
      results = new Map([...results, ...rows.map((row) => [row.id, row] as const)])
      only = [...results.values()]
        .filter(({ pass }) => !pass)
        .map(({ id }) => id)
        .join(',')
      if (only === '') break
    }
    return [...results.values()]
  } finally {
    await service.stop()
  }
}

/** Their groups: the part of an id before the slash. */
export async function rawCaseGroups(): Promise<string[]> {
  const { stdout } = await run(process.execPath, [rawCases, '--list', '--proxy', '127.0.0.1:1'])
  const groups = stdout.split('\n').map((line) => line.split('/')[0]!.trim())
  return [...new Set(groups)].filter((group) => group !== '' && !group.includes(' '))
}

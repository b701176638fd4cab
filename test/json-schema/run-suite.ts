import { join } from 'node:path'
import { Pool } from 'undici'
import { compile } from '../../generator/index.ts'
import { recordingUpstream } from '../support/recording-upstream.ts'
import { startService } from '../support/start-service.ts'
import type { Group, SuiteTest, Version } from './suite.ts'
import { writeSuiteDocument } from './suite-document.ts'

/** What became of one instance that was posted. */
export interface Outcome {
  readonly group: Group
  readonly test: SuiteTest
  readonly status: number
  readonly reached: boolean
}

/** A group whose operation `--lenient` leaves out. */
export interface Refusal {
  readonly group: Group
  /** `code: message` */
  readonly reason: string
}

export interface SuiteRun {
  readonly outcomes: readonly Outcome[]
  readonly refused: readonly Refusal[]
}

/** Compiles the groups into one service, starts it and posts it every instance. @param folder empty, inside the repository */
export async function runSuite(folder: string, version: Version, groups: readonly Group[]): Promise<SuiteRun> {
  writeSuiteDocument(folder, version, groups)
  const { service, diagnostics, ...compiled } = await compile({
    root: folder,
    document: 'openapi.json',
    out: 'generated',
    lenient: true,
  })
  const refused = groups.flatMap((group, index): Refusal[] => {
    const found = diagnostics.find(({ help = '' }) => leavesOut(help, `POST /${index}`))
    return found === undefined ? [] : [{ group, reason: `${found.code}: ${found.message}` }]
  })
  if (service === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'))
  const upstream = await recordingUpstream(() => ({ body: {} }))
  const running = await startService(join(compiled.folder, 'dist', 'server.js'), {
    UPSTREAM_DEFAULT_URL: upstream.url,
  })
  const pool = new Pool(running.url, { connections: 1 })
  try {
    const outcomes: Outcome[] = []
    for (const [index, group] of groups.entries()) {
      if (refused.some((one) => one.group === group)) continue
      for (const test of group.tests) {
        const { statusCode, body } = await pool.request({
          method: 'POST',
          path: `/${index}`,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(test.data),
        })
        await body.dump()
        outcomes.push({ group, test, status: statusCode, reached: upstream.take().length > 0 })
      }
    }
    return { outcomes, refused }
  } finally {
    await pool.destroy()
    await running.stop()
    await upstream.close()
  }
}

function leavesOut(help: string, name: string): boolean {
  return help.startsWith('Left out: ') && help.slice('Left out: '.length, -1).split(', ').includes(name)
}

/** Valid instances pass, others are refused with 400 and never reach the upstream. */
export function isAsPromised({ test, status, reached }: Outcome): boolean {
  return test.valid ? status === 200 && reached : status === 400 && !reached
}

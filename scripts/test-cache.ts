import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { compile } from '../generator/index.ts'
import { suiteDocument } from './test-cache/document.ts'
import type { SuiteResult } from './test-cache/suite.ts'
import { printScores } from './test-cache/table.ts'

/**
 * `npm run test:cache`: the cache's own tests and cases over sockets. With `CACHE_TESTS_DIR=<checkout>` of
 * http-tests/cache-tests: that suite against an emitted service; exits with 1 where a required test is not passed.
 */
const root = fileURLToPath(new URL('../', import.meta.url))
const checkout = process.env['CACHE_TESTS_DIR']
process.exitCode = checkout === undefined || checkout === '' ? ownTests() : await publicSuite(checkout)

function ownTests(): number {
  console.log('CACHE_TESTS_DIR names no checkout of http-tests/cache-tests: running our own tests and cases only.')
  const vitest = join(root, 'node_modules', '.bin', 'vitest')
  const files = ['runtime/policies/cache', 'runtime/store', 'generator/policies/cache', 'test/cache']
  const runs = [
    ['run', ...files],
    ['run', 'test/cases.test.ts', '-t', 'cache'],
  ]
  return runs.map((args) => spawnSync(vitest, args, { cwd: root, stdio: 'inherit' }).status).every((code) => code === 0)
    ? 0
    : 1
}

async function publicSuite(directory: string): Promise<number> {
  const bundle = await compiled()
  const suite = fork(fileURLToPath(new URL('test-cache/suite.ts', import.meta.url)), [directory], { execArgv: [] })
  const running: ChildProcess[] = [suite]
  try {
    const [{ port }] = (await once(suite, 'message')) as [{ port: number }]
    const env = { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0' }
    const service = spawn(process.execPath, [bundle], {
      env: { ...env, UPSTREAM_DEFAULT_URL: `http://127.0.0.1:${port}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.push(service)
    suite.send({ base: await addressOf(service) })
    const [{ results }] = (await once(suite, 'message')) as [{ results: readonly SuiteResult[] }]
    return printScores(results) ? 0 : 1
  } finally {
    for (const child of running) child.kill('SIGKILL')
  }
}

async function compiled(): Promise<string> {
  const work = join(root, '.cache', 'test-cache')
  mkdirSync(work, { recursive: true })
  writeFileSync(join(work, 'document.json'), JSON.stringify(suiteDocument(), null, 2))
  const { service, diagnostics, folder } = await compile({ root: work, document: 'document.json', out: 'generated' })
  if (service === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return join(folder, 'dist', 'server.js')
}

/** The address that the service says it listens on. */
function addressOf(service: ChildProcess): Promise<string> {
  return new Promise((resolve, fail) => {
    service.once('exit', (code) => fail(new Error(`the service ended with code ${code}`)))
    createInterface({ input: service.stdout! }).on('line', (line) => {
      const entry = JSON.parse(line) as { msg?: string; url?: string }
      if (entry.msg === 'listening') resolve(String(entry.url))
    })
  })
}

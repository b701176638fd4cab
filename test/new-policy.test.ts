import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingParts } from './support/policy-folders.ts'
import { repository, sourceCondition } from './support/repository.ts'
import { tempFolder } from './support/temp-folder.ts'

const run = promisify(execFile)

describe('npm run new-policy, in a copy of the repository', () => {
  const folder = tempFolder('new-policy', 'elsewhere')
  const newPolicy = (...args: string[]) =>
    run(process.execPath, [sourceCondition, join('scripts', 'new-policy.ts'), ...args], { cwd: folder.path })

  beforeAll(() => {
    const wanted = ['generator', 'runtime', 'scripts', 'test/support', 'test/cases.test.ts', 'test/cases/README.md']
    const files = ['package.json', 'tsconfig.json', 'biome.json', 'vitest.config.ts', '.gitignore']
    for (const path of [...wanted, ...files]) {
      cpSync(join(repository, path), join(folder.path, path), {
        recursive: true,
        filter: (source) => !/[\\/](dist|node_modules|\.build)$/.test(source),
      })
    }
    mkdirSync(join(folder.path, 'test', 'cases'), { recursive: true })
    linkPackages(folder.path)
  })
  afterAll(() => folder.remove())

  test('writes a policy that is whole, in its place', async () => {
    await newPolicy('say-hello', '--after', 'rate-limit')
    expect(missingParts(folder.path, 'say-hello')).toEqual([])
    const list = readFileSync(join(folder.path, 'generator', 'policies', 'index.ts'), 'utf8')
    expect(list).toMatch(/rateLimit,\s+sayHello\b/)
  }, 60_000)

  test('whose tests and case pass', async () => {
    const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs')
    const { stdout } = await run(process.execPath, [vitest, 'run', 'say-hello', 'test/cases.test.ts'], {
      cwd: folder.path,
      env: { ...process.env, CASES: 'say-hello' },
    })
    expect(stdout).toMatch(/3 passed/)
  }, 120_000)

  test('refuses a name that is taken, and one that is none', async () => {
    await expect(newPolicy('rate-limit')).rejects.toMatchObject({ code: 1 })
    await expect(newPolicy('RateLimit')).rejects.toMatchObject({ code: 2 })
  })
})

/** The installed packages, with the copy's own runtime in the place of the repository's. */
function linkPackages(copy: string): void {
  for (const name of readdirSync(join(repository, 'node_modules'))) {
    if (name === '@specgate' || name === 'specgate') continue
    mkdirSync(join(copy, 'node_modules'), { recursive: true })
    symlinkSync(join(repository, 'node_modules', name), join(copy, 'node_modules', name), 'junction')
  }
  mkdirSync(join(copy, 'node_modules', '@specgate'))
  symlinkSync(join(copy, 'runtime'), join(copy, 'node_modules', '@specgate', 'runtime'), 'junction')
}

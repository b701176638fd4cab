import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { repository, sourceCondition } from './support/repository.ts'

const run = promisify(execFile)

test('npm run demo -- --once: every answer is as promised', async () => {
  const demo = join('scripts', 'demo.ts')
  const { stdout } = await run(process.execPath, [sourceCondition, demo, '--once'], { cwd: repository }).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`${error.stdout}\n${error.stderr}`)
    },
  )
  expect(stdout).toMatch(/All \d+ answers are as promised/)
}, 120_000)

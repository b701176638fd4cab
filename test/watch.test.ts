import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { repository } from './support/repository.ts'
import { tempFolder } from './support/temp-folder.ts'

const folder = tempFolder('watch')
let watching: ChildProcess | undefined
afterAll(() => {
  watching?.kill('SIGKILL')
  folder.remove()
})

const document = `openapi: 3.1.1
info: { title: T, version: '1' }
servers: [{ url: 'http://upstream.invalid' }]
paths:
  /a: { get: { parameters: [{ $ref: './parts/p.yaml' }], responses: { '200': { description: ok } } } }
`

test('a file that a reference names is noticed when it appears, its folder with it', async () => {
  writeFileSync(join(folder.path, 'spec.yaml'), document)
  const arguments_ = [
    '--conditions=@specgate/source',
    join(repository, 'generator/cli.ts'),
    'generate',
    '--watch',
    'spec.yaml',
  ]
  watching = spawn(process.execPath, arguments_, { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [watching.stdout!, watching.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  await expect.poll(() => output, { timeout: 60_000 }).toContain('Watching')
  expect(output).toContain('parts/p.yaml')
  mkdirSync(join(folder.path, 'parts'))
  writeFileSync(join(folder.path, 'parts/p.yaml'), '{ name: p, in: query, schema: { type: integer } }\n')
  await expect.poll(() => output, { timeout: 60_000 }).toMatch(/generated.spec\s+1 operation/)
}, 150_000)

import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordingUpstream } from './support/recording-upstream.ts'
import { repository } from './support/repository.ts'
import { send } from './support/send.ts'
import { startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const run = promisify(execFile)
const env = { ...process.env, PATH: dirname(process.execPath) + delimiter + process.env['PATH'] }

const document = `openapi: 3.1.1
info: { title: Plain, version: "1" }
servers: [{ url: "http://upstream.invalid/v1" }]
paths:
  /things/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { "200": { description: ok } }
`

describe('the packages, packed and installed elsewhere', () => {
  const elsewhere = tempFolder('specgate-pack', 'elsewhere')
  const project = join(elsewhere.path, 'project')
  let offline: string | undefined

  beforeAll(async () => {
    mkdirSync(join(project, 'specs'), { recursive: true })
    writeFileSync(join(project, 'package.json'), '{ "name": "somebody", "private": true }\n')
    writeFileSync(join(project, 'specs', 'plain.yaml'), document)
    await run('npm', ['pack', '--workspaces', '--pack-destination', elsewhere.path], { cwd: repository, env })
    const packed = readdirSync(elsewhere.path).filter((name) => name.endsWith('.tgz'))
    expect(packed).toHaveLength(2)
    const workshop = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
    const types = `@types/node@${workshop.devDependencies['@types/node']}`
    const packages = [...packed.map((name) => join(elsewhere.path, name)), types]
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages]
    await run('npm', install, { cwd: project, env }).catch((error: Error & { stderr?: string }) => {
      if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ENOTCACHED/.test(error.stderr ?? '')) throw error
      offline = 'the registry cannot be reached from here'
    })
  }, 240_000)
  afterAll(() => elsewhere.remove())

  test('hold what runs, and no tests', (context) => {
    if (offline !== undefined) return context.skip(offline)
    for (const name of ['specgate', '@specgate/runtime']) {
      const files = readdirSync(join(project, 'node_modules', name), { recursive: true, encoding: 'utf8' })
      expect(files.filter((file) => /\.test\.|^(?!dist|node_modules).*\.ts$/.test(file))).toEqual([])
      expect(files).toEqual(expect.arrayContaining(['dist', 'LICENSE', 'README.md']))
    }
  })

  test('generate a service that runs', async (context) => {
    if (offline !== undefined) return context.skip(offline)
    const { stdout } = await run('npx', ['specgate', 'generate'], { cwd: project, env })
    expect(stdout).toContain('specs/plain.yaml → generated/plain')
    const upstream = await recordingUpstream(() => ({ body: 'hello' }))
    const service = await startService(join(project, 'generated', 'plain', 'dist', 'server.js'), {
      UPSTREAM_DEFAULT_URL: upstream.url,
    })
    try {
      const answer = await send(service.url, { target: '/v1/things/7' })
      expect([answer.status, answer.body.toString()]).toEqual([200, 'hello'])
      expect((await send(service.url, { target: '/v1/things/seven' })).status).toBe(400)
      expect(upstream.requests.map(({ target }) => target)).toEqual(['/things/7'])
    } finally {
      expect(await service.stop()).toBe(0)
      await upstream.close()
    }
  }, 60_000)

  test('emit what a strict type check accepts', async (context) => {
    if (offline !== undefined) return context.skip(offline)
    const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc')
    const result = await run(process.execPath, [tsc, '-p', 'generated/plain'], { cwd: project, env }).catch(
      (error: { stdout: string }) => error,
    )
    expect(result.stdout).toBe('')
  }, 60_000)
})

import { execFile } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compile } from '../generator/index.ts'
import { repository } from './support/repository.ts'
import { send } from './support/send.ts'
import { startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const run = promisify(execFile)
const plain = `openapi: 3.1.1
info: { title: Plain, version: "1" }
servers: [{ url: "http://upstream.invalid" }]
paths:
  /things: { get: { responses: { "200": { description: ok } } } }
`

describe('what is emitted', () => {
  const folder = tempFolder('emitted')
  const samples = readdirSync(join(repository, 'specs')).filter((name) => /^[a-z-]+\.yaml$/.test(name))

  beforeAll(async () => {
    writeFileSync(join(folder.path, 'plain.yaml'), plain)
    await compile({ root: folder.path, document: 'plain.yaml', out: 'a' })
    for (const name of samples) {
      await compile({ root: repository, document: `specs/${name}`, out: join(folder.path, 'a') })
      await compile({ root: repository, document: `specs/${name}`, out: join(folder.path, 'b') })
    }
  }, 120_000)
  afterAll(() => folder.remove())

  test.each(samples)('%s: the same input gives the same bytes', (name) => {
    const service = name.replace('.yaml', '')
    const files = readdirSync(join(folder.path, 'a', service), { recursive: true, encoding: 'utf8' })
    expect(files.length).toBeGreaterThan(10)
    for (const file of files) {
      const [a, b] = ['a', 'b'].map((out) => join(folder.path, out, service, file))
      if (statSync(a!).isFile()) expect(readFileSync(a!).equals(readFileSync(b!)), file).toBe(true)
    }
  })

  test.each(samples)('%s: strict tsc accepts it', async (name) => {
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    const service = join(folder.path, 'a', name.replace('.yaml', ''))
    const result = await run(process.execPath, [tsc, '-p', service], { cwd: repository }).catch(
      (error: { stdout: string }) => error,
    )
    expect(result.stdout).toBe('')
  })

  test('strict tsc accepts hooks that are typed by what is emitted for them', async () => {
    const hooks = `import type { Hooks } from './hooked/hooked/hooks.ts'
export const getThings: Hooks['getThings'] = {
  onRequest: (request) => request.setHeader('X-A', 'b'),
  onResponse: async () => {},
}
`
    writeFileSync(join(folder.path, 'hooked.yaml'), plain.replace('get: {', 'get: { operationId: getThings,'))
    writeFileSync(join(folder.path, 'hooked.hooks.ts'), hooks)
    await compile({ root: folder.path, document: 'hooked.yaml', out: 'hooked' })
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    const result = await run(process.execPath, [tsc, '-p', join(folder.path, 'hooked', 'hooked')], {
      cwd: repository,
    }).catch((error: { stdout: string }) => error)
    expect(result.stdout).toBe('')
  }, 60_000)

  test('the bundle holds the runtime, its few libraries and nothing of the compiler', async () => {
    const { metafile } = await build({
      entryPoints: [join(folder.path, 'a', 'plain', 'service.ts')],
      absWorkingDir: repository,
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'cjs',
      conditions: ['@specgate/source'],
    })
    const origins = new Set(
      Object.keys(metafile.inputs).map((file) => {
        const [, name] = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? []
        return name ?? file.split('/')[0]!
      }),
    )
    const libraries = [...origins].filter((origin) => origin !== 'runtime' && origin !== '.cache')
    expect(libraries.filter((name) => !allowed.has(name))).toEqual([])
    const ofUndici = Object.keys(metafile.inputs).filter((file) => file.includes('node_modules/undici/'))
    expect(ofUndici).toEqual([expect.stringMatching(/\/llhttp_simd-wasm\.js$/)])
  })

  test('the bundle of a plain document stays small', () => {
    const { size } = statSync(join(folder.path, 'a', 'plain', 'dist', 'server.js'))
    expect(size).toBeLessThan(budget)
  })

  test('the bundle runs with nothing beside it', async () => {
    const alone = tempFolder('alone', 'elsewhere')
    copyFileSync(join(folder.path, 'a', 'plain', 'dist', 'server.js'), join(alone.path, 'server.js'))
    const service = await startService(join(alone.path, 'server.js'), { UPSTREAM_DEFAULT_URL: 'http://127.0.0.1:9' })
    try {
      expect((await send(service.url, { target: '/other' })).status).toBe(404)
      expect((await send(service.adminUrl, { target: '/health/ready' })).status).toBe(200)
    } finally {
      await service.stop()
      alone.remove()
    }
  })
})

/** What a service without any policy may bring along: undici's parser, and what logs and counts. */
const allowed = new Set([
  'undici',
  'pino',
  'pino-std-serializers',
  'atomic-sleep',
  'on-exit-leak-free',
  'quick-format-unescaped',
  'real-require',
  'safe-stable-stringify',
  'sonic-boom',
  'thread-stream',
  '@pinojs/redact',
  'fast-redact',
  'prom-client',
  'tdigest',
  'bintrees',
  '@opentelemetry/api',
  'ipaddr.js',
])

/** Bytes, measured and rounded up: raise it only with a reason. Most of it is what counts and logs. */
const budget = 700_000

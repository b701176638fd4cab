import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { compileService } from '../support/compile-service.ts'
import { repository } from '../support/repository.ts'
import { startService } from '../support/start-service.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Vectors of other implementations (kin-openapi, oapi-codegen), and the script that turns them into a document and sends them. */
const params = `${repository}../shared/conformance/params`
const script = join(params, 'run.mjs')
const vectors = join(params, 'vectors.json')

interface Score {
  readonly tot: { readonly vectors: number; readonly vectorsPass: number; readonly error5xx: number }
  readonly bad: readonly string[]
}

describe.skipIf(!existsSync(script))('serialised parameters, through a running proxy (../shared/conformance)', () => {
  const out = tempFolder('params')
  afterAll(() => out.remove())

  test('every vector is read as its author meant it', async () => {
    const port = String(await freePort())
    const document = join(out.path, 'openapi.json')
    const server = `http://127.0.0.1:${port}`
    execFileSync(process.execPath, [script, 'gen', '--vectors', vectors, '--server', server, '--out', document])
    const service = await startService(await compileService(out.path, 'openapi.json'), { UPSTREAM_DEFAULT_URL: server })
    try {
      const result = join(out.path, 'result.json')
      const given = ['run', '--vectors', vectors, '--base', service.url, '--upstream-port', port, '--out', result]
      const [code] = await once(spawn(process.execPath, [script, ...given], { stdio: 'ignore' }), 'exit')
      expect(code).toBe(0)
      const { tot, bad } = JSON.parse(readFileSync(result, 'utf8')) as Score
      expect(bad).toEqual([])
      expect(tot).toMatchObject({ vectors: 214, vectorsPass: 214, error5xx: 0 })
    } finally {
      await service.stop()
    }
  }, 120_000)
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

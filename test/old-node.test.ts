import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileService } from './support/compile-service.ts'
import { tempFolder } from './support/temp-folder.ts'

test('a Node that is too old is told so in a sentence, before anything else happens', async () => {
  const folder = tempFolder('old-node')
  try {
    const responses = { 200: { description: 'ok' } }
    const document = {
      openapi: '3.1.1',
      info: { title: 'Orders', version: '1' },
      servers: [{ url: 'http://upstream.invalid' }],
      paths: { '/orders': { get: { responses } } },
    }
    writeFileSync(join(folder.path, 'case.json'), JSON.stringify(document))
    const bundle = await compileService(folder.path, 'case.json')
    const old = join(folder.path, 'old.cjs')
    writeFileSync(old, `Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })`)
    const { status, stderr, stdout } = spawnSync(process.execPath, ['--require', old, bundle], { encoding: 'utf8' })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^This service needs Node\.js 24 or newer; this is v[\d.]+\.\n$/)
  } finally {
    folder.remove()
  }
})

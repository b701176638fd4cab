import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileService } from './support/compile-service.ts'
import { type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { send } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

const count = 2_000
const folder = tempFolder('two-thousand')
let upstream: RecordingUpstream
let service: RunningService

/** Every third path is literal, every third ends in a variable, every third has one in its midst; all under a few parents. */
function pathOf(index: number): string {
  const parent = `/group${index % 20}`
  if (index % 3 === 0) return `${parent}/item${index}`
  return index % 3 === 1 ? `${parent}/kind${index}/{id}` : `${parent}/{id}/part${index}`
}

function targetOf(index: number): string {
  return pathOf(index).replace('{id}', String(index))
}

beforeAll(async () => {
  const paths = Array.from({ length: count }, (_, index) => {
    const parameters = index % 3 === 0 ? [] : [{ name: 'id', in: 'path', required: true, schema: { const: index } }]
    const operation = { operationId: `operation${index}`, parameters, responses: { 200: { description: 'ok' } } }
    return [pathOf(index), { get: operation }]
  })
  const document = {
    openapi: '3.1.1',
    info: { title: 'Many', version: '1' },
    servers: [{ url: 'http://upstream.invalid' }],
    paths: Object.fromEntries(paths),
  }
  writeFileSync(join(folder.path, 'many.json'), JSON.stringify(document))
  const bundle = await compileService(folder.path, 'many.json')
  upstream = await recordingUpstream(() => ({
    status: 200,
    body: '{}',
    headers: { 'Content-Type': 'application/json' },
  }))
  service = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstream.url }, 60_000)
}, 180_000)

afterAll(async () => {
  await service?.stop()
  await upstream?.close()
  folder.remove()
})

test('2,000 operations compile, start, and each request finds its own', async () => {
  for (const index of [0, 1, 2, 500, 999, 1000, 1001, 1997, 1998, 1999]) {
    const { status } = await send(service.url, { target: targetOf(index) }, 60_000)
    expect([index, status]).toEqual([index, 200])
    // Only the operation of this path takes this value.
    if (index % 3 === 0) continue
    const wrong = await send(service.url, { target: pathOf(index).replace('{id}', 'other') }, 60_000)
    expect([index, wrong.status]).toEqual([index, 400])
  }
  expect(upstream.requests.map(({ target }) => target)).toContain(targetOf(1999))
  expect((await send(service.url, { target: '/group1/none' }, 60_000)).status).toBe(404)
}, 120_000)

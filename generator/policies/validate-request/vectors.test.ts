import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileService } from '../../../test/support/compile-service.ts'
import { type RecordingUpstream, recordingUpstream } from '../../../test/support/recording-upstream.ts'
import { send } from '../../../test/support/send.ts'
import { type RunningService, startService } from '../../../test/support/start-service.ts'
import { type TempFolder, tempFolder } from '../../../test/support/temp-folder.ts'

/** How one parameter is written, and what it then is. */
interface Vector {
  readonly id: string
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly name: string
  readonly style?: string
  readonly explode?: boolean
  readonly schema: object
  readonly raw: string
  readonly valid: boolean
  readonly value?: unknown
}

const file = resolve(import.meta.dirname, '../../../../shared/conformance/params/vectors.json')
const vectors = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Vector[]) : []

/**
 * Each vector is tried over a socket. A valid one twice: a schema that allows nothing but its value takes it, and one that
 * allows anything else refuses it, so that the decoded value itself is seen from outside.
 */
describe.skipIf(vectors.length === 0)('parameter vectors (skipped without ../shared/conformance)', () => {
  let folder: TempFolder
  let upstream: RecordingUpstream
  let service: RunningService

  beforeAll(async () => {
    folder = tempFolder('vectors')
    upstream = await recordingUpstream(() => ({}))
    const entries = vectors.flatMap((vector, index) => [
      operation(vector, `p${index}`, vector.valid ? { ...vector.schema, enum: [vector.value] } : vector.schema),
      operation(vector, `q${index}`, { ...vector.schema, not: { enum: [vector.value ?? null] } }),
    ])
    const document = {
      openapi: '3.1.1',
      info: { title: 'Vectors', version: '1' },
      servers: [{ url: upstream.url }],
      paths: Object.fromEntries(entries),
    }
    writeFileSync(join(folder.path, 'vectors.json'), JSON.stringify(document))
    service = await startService(await compileService(folder.path, 'vectors.json'))
  }, 120_000)

  afterAll(async () => {
    await service?.stop()
    await upstream?.close()
    folder?.remove()
  })

  it.each(vectors.map((vector, index) => [vector.id, index] as const))('%s', async (_, index) => {
    const vector = vectors[index]!
    expect(await statusOf(vector, `p${index}`)).toBe(vector.valid ? 200 : 400)
    if (vector.valid) expect(await statusOf(vector, `q${index}`)).toBe(400)
  })

  async function statusOf(vector: Vector, name: string): Promise<number> {
    const target =
      vector.in === 'path' ? `/${name}/${vector.raw}` : vector.in === 'query' ? `/${name}?${vector.raw}` : `/${name}`
    const headers =
      vector.in === 'header' ? { [vector.name]: vector.raw } : vector.in === 'cookie' ? { Cookie: vector.raw } : {}
    return (await send(service.url, { target: target.replaceAll(' ', '%20'), headers })).status
  }
})

function operation({ in: place, name, style, explode }: Vector, id: string, schema: object): [string, object] {
  const written = { ...(style === undefined ? {} : { style }), ...(explode === undefined ? {} : { explode }) }
  const parameters = [{ name, in: place, required: true, ...written, schema }]
  const get = { operationId: id, parameters, responses: { 200: { description: 'ok' } } }
  return [place === 'path' ? `/${id}/{${name}}` : `/${id}`, { get }]
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileService } from './support/compile-service.ts'
import { type RecordingUpstream, recordingUpstream } from './support/recording-upstream.ts'
import { send, valuesOf } from './support/send.ts'
import { type RunningService, startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'
import { compact, readVectors } from './support/xml-vector.ts'

/** Documents of services and protocols with the JSON they mean (test/xml-vectors), there and back through a running service. */
const vectors = readVectors()

/** One document with a path for each vector; component names get the number of the vector. */
function together(): object {
  const schemas: Record<string, object> = {}
  const paths = vectors.map((vector, i) => {
    const numbered = <T>(value: T): T =>
      JSON.parse(JSON.stringify(value).replaceAll('#/components/schemas/', `#/components/schemas/V${i}.`))
    for (const [name, schema] of Object.entries(vector.components)) schemas[`V${i}.${name}`] = numbered(schema)
    const content = { 'application/json': vector.schema === undefined ? {} : { schema: numbered(vector.schema) } }
    const responses = { 200: { description: 'ok', content } }
    const enforced = vector.validate ? { validate: { response: 'enforce' } } : { validate: { request: 'off' } }
    const wrap = vector.xmlToJson['unwrap'] === 'soap' ? { wrap: 'soap' } : {}
    return {
      get: { operationId: `get${i}`, 'x-proxy': { xmlToJson: vector.xmlToJson, ...enforced }, responses },
      put: {
        operationId: `put${i}`,
        'x-proxy': { xmlToJson: vector.xmlToJson, jsonToXml: { ...wrap, ...vector.jsonToXml }, ...enforced },
        requestBody: { required: true, content },
        responses,
      },
    }
  })
  return {
    openapi: '3.2.0',
    info: { title: 'Vectors', version: '1' },
    servers: [{ url: 'http://127.0.0.1:1' }],
    paths: Object.fromEntries(vectors.map(({ name }, i) => [`/${name}`, paths[i]])),
    components: { schemas },
  }
}

/** Members in any order, numbers by their digits. */
function meaning(json: string): string {
  const read = JSON.parse(json, (_, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? { number: context!.source } : value,
  )
  return JSON.stringify(read, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

describe('documents of other services', () => {
  const folder = tempFolder('xml-vectors')
  let upstream: RecordingUpstream
  let service: RunningService

  beforeAll(async () => {
    upstream = await recordingUpstream(({ method, target, body }) => {
      const { media, xml, xmlToJson } = vectors.find(({ name }) => target === `/${name}`)!
      if (method === 'GET') return { headers: { 'Content-Type': media }, body: xml }
      const sent = body.toString().replace(/^<\?xml[^>]*\?>/, '')
      const echo = xmlToJson['unwrap'] === 'root' ? `<Response>${sent}</Response>` : sent
      return { headers: { 'Content-Type': 'application/xml' }, body: Buffer.from(echo) }
    })
    mkdirSync(join(folder.path, 'specs'))
    writeFileSync(join(folder.path, 'specs', 'vectors.json'), JSON.stringify(together()))
    const bundle = await compileService(folder.path, 'specs/vectors.json')
    service = await startService(bundle, { UPSTREAM_DEFAULT_URL: upstream.url })
  }, 120_000)

  afterAll(async () => {
    await service?.stop()
    await upstream?.close()
    folder.remove()
  })

  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    const answer = await send(service.url, { target: `/${vector.name}` })
    const text = answer.body.toString()
    if (vector.refused !== undefined) {
      expect({ status: answer.status, text }).toMatchObject({ status: vector.refused.status })
      const { pointer, keyword } = vector.refused
      const [error] = (JSON.parse(text) as { errors?: object[] }).errors ?? []
      expect(error ?? {}).toMatchObject({ ...(pointer === undefined ? {} : { pointer }), ...(keyword && { keyword }) })
      return
    }
    expect({ status: answer.status, text: compact(text) }).toEqual({ status: 200, text: vector.json })
    expect(valuesOf(answer.rawHeaders, 'content-type')).toEqual(['application/json'])
    if (vector.oneWay !== undefined) return
    const back = await send(service.url, {
      method: 'PUT',
      target: `/${vector.name}`,
      headers: { 'content-type': 'application/json' },
      body: vector.json!,
    })
    expect({ status: back.status, text: back.body.toString() }).toMatchObject({ status: 200 })
    expect(meaning(back.body.toString())).toBe(meaning(vector.json!))
  })
})

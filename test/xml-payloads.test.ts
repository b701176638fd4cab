import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileService } from './support/compile-service.ts'
import { elementsOf, inferXml, type Tree, treeOfXml } from './support/infer-xml.ts'
import { recordingUpstream } from './support/recording-upstream.ts'
import { repository } from './support/repository.ts'
import { send } from './support/send.ts'
import { startService } from './support/start-service.ts'
import { tempFolder } from './support/temp-folder.ts'

/** Payloads of others; not part of this repository. */
const corpus = join(repository, '../shared/corpus/xml')

interface Payload {
  readonly xml: Buffer
  readonly isSoap: boolean
  readonly schema: object
  readonly expected: unknown
}

const envelopes = ['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope']

/** Payloads with the schema that each of them suggests and the JSON it then means; undefined for what is not well-formed. */
function payloadOf(path: string): Payload | undefined {
  const xml = readFileSync(path)
  const text = xml.toString().replace(/^\ufeff/, '')
  if (text.includes('<!DOCTYPE') || /encoding=["'](?!utf-8)/i.test(text.slice(0, 100))) return undefined
  let root: Tree | undefined
  try {
    root = treeOfXml(text)
  } catch {
    return undefined
  }
  const isSoap = root.local === 'Envelope' && envelopes.includes(root.uri)
  const value = isSoap ? elementsOf(elementsOf(root).find(({ local }) => local === 'Body')!)[0] : root
  // Nothing, and what goes wrong there, is another matter (test/cases/xml-to-json/soap.yaml).
  if (value === undefined || value.local === 'Fault') return undefined
  const { schema, decode } = inferXml([value])
  const name = { name: value.local, ...(value.uri === '' ? {} : { namespace: value.uri }) }
  return { xml, isSoap, schema: { ...schema, xml: name }, expected: decode(value) }
}

/** Members in any order, numbers by their digits. */
function meaning(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'object' && one !== null && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
        : one,
    ),
  )
}

function readDigits(json: string): unknown {
  return JSON.parse(json, (_, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? { digits: context!.source } : value,
  )
}

describe.skipIf(!existsSync(corpus))(
  'payloads of the corpus (../shared/corpus/xml) by the schema each suggests',
  () => {
    it.each(['soap', 'xero', 'rss', 'kml', 'aws-live-responses'])(
      '%s, there and back',
      async (folder) => {
        const payloads = readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' })
          .filter((file) => /\.(?:xml|rss|atom|kml)$/.test(file))
          .sort()
          .flatMap((file) => payloadOf(join(corpus, folder, file)) ?? [])
        const paths = payloads.map(({ isSoap, schema }, i) => {
          const content = { 'application/json': { schema } }
          const responses = { 200: { description: 'ok', content } }
          const xmlToJson = isSoap ? { unwrap: 'soap' } : {}
          const jsonToXml = isSoap ? { wrap: 'soap' } : {}
          return {
            get: { operationId: `get${i}`, 'x-proxy': { xmlToJson, validate: { response: 'enforce' } }, responses },
            put: { operationId: `put${i}`, 'x-proxy': { xmlToJson, jsonToXml }, requestBody: { content }, responses },
          }
        })
        const document = {
          openapi: '3.2.0',
          info: { title: 'Payloads', version: '1' },
          servers: [{ url: 'http://127.0.0.1:1' }],
          paths: Object.fromEntries(paths.map((item, i) => [`/${i}`, item])),
        }
        const work = tempFolder(`payloads-${folder}`)
        const upstream = await recordingUpstream(({ method, target, body }) => ({
          headers: { 'content-type': 'application/xml' },
          body: method === 'GET' ? payloads[Number(target.slice(1))]!.xml : body,
        }))
        mkdirSync(join(work.path, 'specs'))
        writeFileSync(join(work.path, 'specs', 'payloads.json'), JSON.stringify(document))
        const service = await startService(await compileService(work.path, 'specs/payloads.json'), {
          UPSTREAM_DEFAULT_URL: upstream.url,
        })
        try {
          for (const [i, { xml, expected }] of payloads.entries()) {
            const there = await send(service.url, { target: `/${i}` })
            const json = there.body.toString()
            expect({ status: there.status, json, xml: xml.toString() }).toMatchObject({ status: 200 })
            expect(meaning(readDigits(json))).toEqual(meaning(expected))
            const headers = { 'content-type': 'application/json' }
            const back = await send(service.url, { method: 'PUT', target: `/${i}`, headers, body: json })
            expect({ status: back.status, json: back.body.toString() }).toMatchObject({ status: 200 })
            expect(meaning(readDigits(back.body.toString()))).toEqual(meaning(expected))
          }
          expect(payloads.length).toBeGreaterThan(8)
        } finally {
          await service.stop()
          await upstream.close()
          work.remove()
        }
      },
      120_000,
    )
  },
)

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { compileService } from '../../../test/support/compile-service.ts'
import { recordingUpstream } from '../../../test/support/recording-upstream.ts'
import { repository } from '../../../test/support/repository.ts'
import { send } from '../../../test/support/send.ts'
import { startService } from '../../../test/support/start-service.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'

/** Values of others with the XML they are; not part of this repository. */
const corpus = join(repository, '../shared/corpus/xml/aws-rest-xml-encode')

interface EncodeTest {
  readonly name: string
  readonly value: unknown
  readonly xml: string
  readonly openapi: {
    paths: { '/': { put: { requestBody: object } } }
    components: { schemas: Record<string, unknown> }
  }
}

function encodeTests(): EncodeTest[] {
  return readdirSync(corpus)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => {
      const test = JSON.parse(readFileSync(join(corpus, file), 'utf8'))
      if (!test.expressibleInOpenAPI) return []
      const xml = readFileSync(join(corpus, file.replace('.json', '.xml')), 'utf8')
      return [{ name: file.slice(0, -5), value: test.value, xml, openapi: test.openapi }]
    })
}

/** One document with a path for each test; the answer is the XML that was sent, so that it comes back as JSON. */
function together(tests: readonly EncodeTest[]): object {
  const numbered = tests.map(({ openapi }, i) =>
    JSON.parse(JSON.stringify(openapi).replaceAll('#/components/schemas/', `#/components/schemas/T${i}.`)),
  )
  const item = (one: EncodeTest['openapi']): object => {
    const { requestBody } = one.paths['/'].put as { requestBody: { content: object } }
    return { put: { requestBody, responses: { 200: { description: 'ok', content: requestBody.content } } } }
  }
  return {
    openapi: '3.0.3',
    info: { title: 'Protocol tests', version: '1' },
    servers: [{ url: 'http://127.0.0.1:1' }],
    // Their values write points in time as numbers, which their schemas say are texts.
    'x-proxy': { jsonToXml: {}, xmlToJson: { nonFinite: 'string' }, validate: { request: 'detect' } },
    paths: Object.fromEntries(numbered.map((one, i) => [`/${tests[i]!.name}`, item(one)])),
    components: {
      schemas: Object.fromEntries(
        numbered.flatMap((one, i) =>
          Object.entries(one.components.schemas).map(([name, schema]) => [`T${i}.${name}`, schema]),
        ),
      ),
    },
  }
}

type Node = readonly [name: string, attributes: Readonly<Record<string, string>>, children: readonly (Node | string)[]]

/** What a document says: namespaces and local names, attributes in any order, no layout. */
function canonical(xml: string): Node {
  const root: [string, object, (Node | string)[]] = ['', {}, []]
  const stack = [root]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ uri, local, attributes }) => {
    const own = Object.values(attributes).filter(({ uri: of }) => of !== 'http://www.w3.org/2000/xmlns/')
    const sorted = own.map((one): [string, string] => [`{${one.uri}}${one.local}`, one.value]).sort()
    const node: [string, object, (Node | string)[]] = [`{${uri}}${local}`, Object.fromEntries(sorted), []]
    stack.at(-1)![2].push(node as unknown as Node)
    stack.push(node)
  })
  parser.on('closetag', () => {
    const [, , children] = stack.pop()!
    const elements = children.filter((child) => typeof child !== 'string')
    if (elements.length > 0) children.splice(0, children.length, ...elements)
  })
  parser.on('text', (text) => stack.at(-1)![2].push(text))
  parser.write(xml).close()
  return root[2][0] as Node
}

/** Their numbers and texts may stand for dates and bytes, which are written as texts of the document. */
function sameText(given: string, expected: string): boolean {
  if (given === expected) return true
  const seconds = (text: string): number => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000)
  return seconds(given) === seconds(expected) || Buffer.from(expected, 'base64').toString() === given
}

function same(given: Node | string | undefined, expected: Node | string | undefined): boolean {
  if (typeof given === 'string' || typeof expected === 'string') {
    return sameText(String(given ?? ''), String(expected ?? ''))
  }
  if (given === undefined || expected === undefined) return given === expected
  if (given[0] !== expected[0] || JSON.stringify(given[1]) !== JSON.stringify(expected[1])) return false
  const length = Math.max(given[2].length, expected[2].length)
  return Array.from({ length }, (_, i) => i).every((i) => same(given[2][i], expected[2][i]))
}

/** Members in any order, numbers as texts. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'number') return String(one)
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

describe.skipIf(!existsSync(corpus))('values of the corpus (../shared/corpus/xml/aws-rest-xml-encode)', () => {
  it('become the XML that is expected, through a running service, and the same values again', async () => {
    const tests = encodeTests()
    const folder = tempFolder('encode-tests')
    const sent = new Map<string, string>()
    const upstream = await recordingUpstream(({ target, body }) => {
      sent.set(target, String(body))
      return { headers: { 'content-type': 'application/xml' }, body: String(body) }
    })
    mkdirSync(join(folder.path, 'specs'))
    writeFileSync(join(folder.path, 'specs', 'tests.json'), JSON.stringify(together(tests)))
    const service = await startService(await compileService(folder.path, 'specs/tests.json'), {
      UPSTREAM_DEFAULT_URL: upstream.url,
    })
    try {
      const wrong: { readonly name: string }[] = []
      const changed: unknown[] = []
      for (const { name, value, xml } of tests) {
        const target = `/${name}`
        const answer = await send(service.url, {
          method: 'PUT',
          target,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(value),
        })
        const given = sent.get(target)
        if (given === undefined || !same(canonical(given), canonical(xml))) wrong.push({ name, ...{ given, xml } })
        const back: unknown = JSON.parse(answer.body.toString())
        if (plain(back) !== plain(value)) changed.push({ name, value, back, given })
      }
      // Smithy declares the prefix of an element and does not use it; OpenAPI's `prefix` stands before the name.
      expect(wrong.filter(({ name }) => name !== 'XmlNamespaces')).toEqual([])
      expect(changed).toEqual([])
      expect(tests.length).toBeGreaterThan(30)
    } finally {
      await service.stop()
      await upstream.close()
      folder.remove()
    }
  }, 120_000)
})

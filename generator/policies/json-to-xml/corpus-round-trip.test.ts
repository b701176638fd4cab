import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonToXmlOptions } from '../../../runtime/policies/json-to-xml/options.ts'
import type { XmlToJsonOptions } from '../../../runtime/policies/xml-to-json/plan.ts'
import { convertXml } from '../../../runtime/xml/convert.ts'
import { XmlDecoder } from '../../../runtime/xml/encoding.ts'
import { linkRoot } from '../../../runtime/xml/link.ts'
import type { XmlRoot } from '../../../runtime/xml/shape.ts'
import { linkWritten } from '../../../runtime/xml/write/link-written.ts'
import { writeXml } from '../../../runtime/xml/write/write-xml.ts'
import { planOf } from '../../../test/support/plan-of.ts'
import { repository } from '../../../test/support/repository.ts'
import { evaluatedOptions } from '../../xml/evaluate.test-support.ts'
import xmlToJson from '../xml-to-json/policy.ts'
import policy from './policy.ts'

/** Payloads of others; not part of this repository. */
const corpus = join(repository, '../shared/corpus/xml')

const walk = { unknown: 'drop', int64: 'number', emptyArrays: 'omit', nonFinite: 'string' } as const
const write = { unknown: 'reject', nulls: 'nil', size: 1e8 } as const

/** JSON of a document, and JSON of the XML that is made of it. */
function twice(
  xml: Buffer,
  root: XmlRoot,
  written: XmlRoot = { name: 'root', ...root },
): { readonly first: unknown; readonly second: unknown } {
  const reading = linkRoot(root)
  const decoder = new XmlDecoder(undefined)
  const utf8 = Buffer.concat([decoder.decode(xml), decoder.end()])
  const first = convertXml(utf8, reading, walk)
  const back = writeXml(first, linkWritten(written), write, 200)
  const second = convertXml(Buffer.from(back), reading, walk)
  return { first: JSON.parse(first.toString()), second: JSON.parse(second.toString()) }
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:xml|kml|rss|atom)$/.test(file))
    .sort()
}

describe.skipIf(!existsSync(corpus))('payloads of the corpus (../shared/corpus/xml)', () => {
  it.each(['aws-rest-xml', 'aws-ec2'])('of %s come back by their schemas', (folder) => {
    const changed: string[] = []
    let tried = 0
    for (const file of files(join(corpus, folder))) {
      const test = JSON.parse(readFileSync(join(corpus, folder, file.replace('.xml', '.json')), 'utf8'))
      if (test.expressibleInOpenAPI !== true) continue
      const [operation] = Object.values(test.openapi.paths['/']) as { responses: Record<string, object> }[]
      const answer = Object.values(operation!.responses)[0] as { content?: object }
      if (answer.content === undefined) continue
      const put = { operationId: 'a', requestBody: { content: answer.content }, responses: { 200: answer } }
      const proxy = { 'x-proxy': { jsonToXml: {}, xmlToJson: {} } }
      const { plan } = planOf({ ...test.openapi, openapi: '3.1.1', paths: { '/': { put } }, ...proxy }, [
        policy,
        xmlToJson,
      ])
      const reader = evaluatedOptions<XmlToJsonOptions>(plan, 'xmlToJson')!
      // Their namespaces of roots are not those of their documents, as often as not.
      const { namespace: _, ...written } = evaluatedOptions<JsonToXmlOptions>(plan, 'jsonToXml')!.root
      const { root } = reader.responses['200']!
      const own = root.namespace === undefined ? written : { ...written, namespace: root.namespace }
      const { first, second } = twice(readFileSync(join(corpus, folder, file)), root, own)
      tried++
      if (JSON.stringify(first) !== JSON.stringify(second)) changed.push(file)
    }
    expect(changed).toEqual([])
    expect(tried).toBeGreaterThan(20)
  })

  it('of every kind come back by the convention', () => {
    const changed: string[] = []
    let tried = 0
    let refused = 0
    for (const file of files(corpus)) {
      const xml = readFileSync(join(corpus, file))
      let pair: ReturnType<typeof twice>
      try {
        pair = twice(xml, { value: { type: 'any' } })
      } catch (error) {
        // Documents that are not well-formed, and those with a DTD: what is written is always read.
        if (!/^Malformed|^TooLarge/.test((error as Error).constructor.name)) throw new Error(file, { cause: error })
        refused++
        continue
      }
      tried++
      try {
        expect(pair.second).toEqual(pair.first)
      } catch {
        changed.push(file)
      }
    }
    expect(changed).toEqual([])
    expect(tried).toBeGreaterThan(300)
    expect(refused).toBeLessThan(30)
  })
})

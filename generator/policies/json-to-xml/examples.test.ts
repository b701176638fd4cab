import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import type { JsonToXmlOptions } from '../../../runtime/policies/json-to-xml/options.ts'
import { linkWritten } from '../../../runtime/xml/write/link-written.ts'
import { writeXml } from '../../../runtime/xml/write/write-xml.ts'
import { planOf } from '../../../test/support/plan-of.ts'
import { repository } from '../../../test/support/repository.ts'
import { evaluatedOptions } from '../../xml/evaluate.test-support.ts'
import policy from './policy.ts'

/** The examples of OpenAPI 3.2 §4.26.3 with the XML it says they are; not part of this repository. */
const corpus = join(repository, '../shared/corpus/xml/oas-spec-3.2.0')

type Tree = { readonly [key: string]: unknown }

/** The first media type of a document or a part of one, wherever it stands, with an example. */
function mediaOf(value: unknown): { readonly schema: object; readonly data: unknown } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { schema, examples } = value as { schema?: object; examples?: Record<string, { dataValue?: unknown }> }
  const data = Object.values(examples ?? {})[0]?.dataValue
  if (schema !== undefined && data !== undefined) return { schema, data }
  for (const member of Object.values(value)) {
    const found = mediaOf(member)
    if (found !== undefined) return found
  }
  return undefined
}

/** Without layout and the declaration of `xsi`, which the examples leave out; other namespaces last. */
function compact(text: string): string {
  const xml = text.replace(/ xmlns:xsi="[^"]*"/, '').replaceAll(' />', '/>')
  const [, declaration = ''] = /( xmlns:\w+="[^"]*")/.exec(xml) ?? []
  return `${xml.replaceAll(declaration, '').replace(/>\s+</g, '><').trim()}${declaration}`
}

describe.skipIf(!existsSync(corpus))('examples of the specification (../shared/corpus/xml/oas-spec-3.2.0)', () => {
  it('are written as it says', () => {
    const wrong: { file: string; written: string; xml: string }[] = []
    let right = 0
    for (const file of readdirSync(corpus).filter((one) => one.endsWith('.yaml'))) {
      const read = parseDocument(readFileSync(join(corpus, file), 'utf8'))
      // As printed, some of them are no YAML.
      if (read.errors.length > 0) continue
      const document = read.toJS() as Tree
      const xml = readFileSync(join(corpus, file.replace('.media.yaml', '.xml')), 'utf8')
      const media = mediaOf(
        document['paths'] ?? (document['components'] as Tree | undefined)?.['requestBodies'] ?? document,
      )
      if (media === undefined) continue
      const content = { 'application/xml': { schema: media.schema } }
      const post = { operationId: 'a', requestBody: { content }, responses: { 204: { description: 'ok' } } }
      const components = document['components'] ?? {}
      const { plan } = planOf({ paths: { '/': { post } }, components, 'x-proxy': { jsonToXml: {} } }, [policy])
      const { root } = evaluatedOptions<JsonToXmlOptions>(plan, 'jsonToXml')!
      let written: string
      try {
        const options = { unknown: 'reject', nulls: 'nil', size: 1e6 } as const
        written = writeXml(Buffer.from(JSON.stringify(media.data)), linkWritten(root), options, 64)
      } catch (error) {
        written = String(error)
      }
      if (compact(written) === compact(xml)) right++
      else wrong.push({ file, written: compact(written), xml: compact(xml) })
    }
    // 03 has a list for a text, 11 tags that do not match; 14 and 18 show the second of two examples.
    const others = ['03', '11', '14', '18']
    expect(wrong.filter(({ file }) => !others.includes(file.slice(0, 2)))).toEqual([])
    expect(right).toBeGreaterThan(9)
  })
})

import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { JsonToXmlOptions } from '../../../runtime/policies/json-to-xml/options.ts'
import type { XmlToJsonOptions } from '../../../runtime/policies/xml-to-json/plan.ts'
import { convertXml } from '../../../runtime/xml/convert.ts'
import { linkRoot } from '../../../runtime/xml/link.ts'
import { linkWritten } from '../../../runtime/xml/write/link-written.ts'
import { writeXml } from '../../../runtime/xml/write/write-xml.ts'
import { planOf } from '../../../test/support/plan-of.ts'
import { evaluatedOptions } from '../../xml/evaluate.test-support.ts'
import { documents, type Schema } from '../../xml/samples.test-support.ts'
import xmlToJson from '../xml-to-json/policy.ts'
import policy from './policy.ts'

const walk = { unknown: 'reject', int64: 'number', emptyArrays: 'omit', nonFinite: 'reject' } as const
const write = { unknown: 'reject', nulls: 'nil', size: 1e7 } as const
const ajv = new Ajv2020({ strict: false, validateFormats: false, ownProperties: true })

interface Mapping {
  toJson(xml: string): string
  toXml(json: string): string
}

/** Both ways of one schema, as the compiler plans them. */
function mappingOf(schema: Schema): Mapping {
  const named = { ...schema, xml: { name: 'root' } }
  const content = { 'application/json': { schema: named } }
  const operation = { operationId: 'a', requestBody: { content }, responses: { 200: { description: 'ok', content } } }
  const document = { paths: { '/': { post: operation } }, 'x-proxy': { xmlToJson: {}, jsonToXml: {} } }
  const { plan } = planOf(document, [policy, xmlToJson])
  const reader = evaluatedOptions<XmlToJsonOptions>(plan, 'xmlToJson')!
  const writer = evaluatedOptions<JsonToXmlOptions>(plan, 'jsonToXml')!
  const read = linkRoot(reader.responses['200']!.root)
  const written = linkWritten(writer.root)
  return {
    toJson: (xml) => convertXml(Buffer.from(xml), read, walk).toString(),
    toXml: (json) => writeXml(Buffer.from(json), written, write, 64),
  }
}

it('XML to JSON to XML to JSON is a fixed point, and all of the JSON is valid', () => {
  fc.assert(
    fc.property(documents, ({ schema, value, xml }) => {
      const { toJson, toXml } = mappingOf(schema)
      const first = toJson(xml('root'))
      expect(JSON.parse(first)).toEqual(value)
      const isValid = ajv.compile(schema)
      expect(isValid(JSON.parse(first)), JSON.stringify(isValid.errors)).toBe(true)
      const written = toXml(first)
      const second = toJson(written)
      expect(JSON.parse(second)).toEqual(JSON.parse(first))
      // In the order of the schema, from then on character for character.
      expect(toXml(second)).toBe(written)
      expect(toJson(toXml(second))).toBe(second)
    }),
    { numRuns: 200 },
  )
})

it('the same with all of it in an object that has no element of its own', () => {
  fc.assert(
    fc.property(documents, fc.boolean(), ({ schema, value, xml }, isDeep) => {
      const none = { ...schema, xml: { nodeType: 'none' } }
      const own = isDeep ? { type: 'object', properties: { 'z-in': none }, xml: { nodeType: 'none' } } : none
      const flat = { type: 'object', properties: { 'z-own': own, 'z-id': { type: 'integer' } } }
      const { toJson, toXml } = mappingOf(flat)
      const first = toJson(xml('root').replace(/<\/root>$/, '<z-id>7</z-id></root>'))
      // Without a member there is nothing that says the object is there.
      const isThere = Object.keys(value as object).length > 0
      const inside = isDeep ? { 'z-in': value } : value
      expect(JSON.parse(first)).toEqual({ ...(isThere ? { 'z-own': inside } : {}), 'z-id': 7 })
      const written = toXml(first)
      const second = toJson(written)
      expect(JSON.parse(second)).toEqual(JSON.parse(first))
      expect(toXml(second)).toBe(written)
    }),
    { numRuns: 200 },
  )
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { expect, it } from 'vitest'
import xmlToJson from '../generator/policies/xml-to-json/policy.ts'
import { evaluatedOptions } from '../generator/xml/evaluate.test-support.ts'
import type { XmlToJsonOptions } from '../runtime/policies/xml-to-json/plan.ts'
import { convertXml } from '../runtime/xml/convert.ts'
import { linkRoot } from '../runtime/xml/link.ts'
import { planOf } from './support/plan-of.ts'
import { repository } from './support/repository.ts'

/** As those who know it set it up for JSON. */
const other = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseAttributeValue: true,
})

const integer = { type: 'integer' }
const string = { type: 'string' }
const instance = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

/** Declared, the inside of `<r>`, what we make of it, what the other does. */
const rows: readonly (readonly [object, string, string, string])[] = [
  [{ v: { type: 'array', items: string } }, '<v>a</v>', '{"v":["a"]}', '{"v":"a"}'],
  [{ v: string }, '<v>007</v>', '{"v":"007"}', '{"v":7}'],
  [{ v: string }, '<v>+4930</v>', '{"v":"+4930"}', '{"v":4930}'],
  [{ v: { type: 'number' } }, '<v>10.50</v>', '{"v":10.50}', '{"v":10.5}'],
  [{ v: integer }, '<v>90071992547409931</v>', '{"v":90071992547409931}', '{"v":"90071992547409931"}'],
  [{ v: { type: 'boolean' } }, '<v>1</v>', '{"v":true}', '{"v":1}'],
  [{ v: { type: 'array', xml: { wrapped: true }, items: string } }, '<v/>', '{"v":[]}', '{"v":""}'],
  [{ v: { type: ['integer', 'null'] } }, '<v xsi:nil="true"/>', '{"v":null}', '{"v":{"@nil":true}}'],
  [{ v: string }, '<v>a&#10;b</v>', '{"v":"a\\nb"}', '{"v":"a&#10;b"}'],
  [{ v: integer }, '<v>x</v>', '502', '{"v":"x"}'],
  [{ v: string }, '<v>a</w>', '502', '{"v":"a"}'],
]

it.each(rows)('%j: %s', (properties, inside, ours, theirs) => {
  const xml = `<r ${instance}>${inside}</r>`
  const content = { 'application/json': { schema: { type: 'object', properties } } }
  const { plan } = planOf(
    { paths: { '/': { get: { responses: { 200: { description: 'ok', content } } } } }, 'x-proxy': { xmlToJson: {} } },
    [xmlToJson],
  )
  const options = evaluatedOptions<XmlToJsonOptions>(plan, 'xmlToJson')!
  let json: string
  try {
    const walk = { unknown: 'drop', int64: 'number', emptyArrays: 'omit', nonFinite: 'reject' } as const
    json = convertXml(Buffer.from(xml), linkRoot(options.responses['200']!.root), walk).toString()
  } catch {
    json = '502'
  }
  expect(json).toBe(ours)
  const { '@xmlns:xsi': _, '@xsi': __, ...made } = (other.parse(xml) as { r: object }).r as Record<string, unknown>
  expect(JSON.stringify(made)).toBe(theirs)
  const guide = readFileSync(join(repository, 'docs', 'xml.md'), 'utf8')
  expect(guide).toContain(`| \`${inside}\` | \`${ours}\` | \`${theirs}\` |`)
})

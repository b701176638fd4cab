import { expect, it } from 'vitest'
import xmlToJson from '../generator/policies/xml-to-json/policy.ts'
import { evaluatedOptions } from '../generator/xml/evaluate.test-support.ts'
import type { XmlToJsonOptions } from '../runtime/policies/xml-to-json/plan.ts'
import { convertXml } from '../runtime/xml/convert.ts'
import { linkRoot } from '../runtime/xml/link.ts'
import { pathTree } from '../runtime/xml/path-tree.ts'
import type { LinkedRoot } from '../runtime/xml/transducer.ts'
import { planOf } from './support/plan-of.ts'
import { respellXml } from './support/respell-xml.ts'
import { readVectors, type XmlVector } from './support/xml-vector.ts'

/** How a document is spelled makes no difference to what it means. */
const vectors = readVectors().filter(
  ({ json, xml, media }) => json !== undefined && isUtf8(xml) && !media.includes('iso'),
)

function isUtf8(xml: Buffer): boolean {
  const text = xml.toString()
  return !text.includes('\ufffd') && !text.includes('\0') && !/encoding=["'](?!utf-8)/i.test(text)
}

function rootOf(vector: XmlVector): { readonly root: LinkedRoot; readonly options: XmlToJsonOptions } {
  const content = { 'application/json': vector.schema === undefined ? {} : { schema: vector.schema } }
  const document = {
    paths: { '/': { get: { responses: { 200: { description: 'ok', content } } } } },
    components: { schemas: vector.components },
    'x-proxy': { xmlToJson: vector.xmlToJson },
  }
  const options = evaluatedOptions<XmlToJsonOptions>(planOf(document, [xmlToJson]).plan, 'xmlToJson')!
  const arrays = options.arrays === undefined ? {} : { arrays: pathTree(options.arrays) }
  return { root: { ...linkRoot(options.responses['200']!.root), unwrap: options.unwrap, ...arrays }, options }
}

/** The same numbers every time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

it.each(vectors.map((vector, i) => [vector.name, vector, i] as const))('%s', (_, vector, index) => {
  const { root, options } = rootOf(vector)
  const text = vector.xml.toString().replace(/^\ufeff/, '')
  const read = (xml: string): unknown =>
    JSON.parse(convertXml(Buffer.from(xml), root, { nonFinite: 'reject', ...options }).toString())
  for (let seed = 1; seed <= 8; seed++) {
    const spelled = respellXml(text, numbers(index * 100 + seed))
    let json: unknown
    try {
      json = read(spelled)
    } catch (error) {
      throw new Error(spelled, { cause: error })
    }
    expect({ spelled, json }).toEqual({ spelled, json: JSON.parse(vector.json!) })
  }
})

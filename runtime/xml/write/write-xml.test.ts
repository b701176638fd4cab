import { describe, expect, it } from 'vitest'
import type { XmlRoot, XmlValue } from '../shape.ts'
import { xmlShape } from '../shape.ts'
import { linkWritten } from './link-written.ts'
import { wholeNumber } from './whole-number.ts'
import { writeXml } from './write-xml.ts'
import type { WriteOptions } from './xml-writer.ts'

const options: WriteOptions = { unknown: 'drop', nulls: 'nil', size: 1e6 }

function written(
  value: XmlValue,
  json: string,
  root: Omit<XmlRoot, 'value'> = {},
  own: Partial<WriteOptions> = {},
  namespaces: Record<string, string> = {},
): string {
  const plan = linkWritten({ name: 'r', ...root, value }, namespaces)
  return writeXml(Buffer.from(json), plan, { ...options, ...own }, 64)
}

describe('writeXml', () => {
  it.each<[string, XmlValue, string, string]>([
    ['digits', { type: 'number' }, '1.50', '<r>1.50</r>'],
    ['whole numbers', { type: 'integer' }, '1.0E2', '<r>100</r>'],
    [
      'texts',
      { type: 'string' },
      '"a<b>&c\\r\\n]]>\\"\\u00e9\\ud83d\\ude00"',
      '<r>a&lt;b&gt;&amp;c&#13;\n]]&gt;"é😀</r>',
    ],
    [
      'null',
      { type: 'string', nullable: true },
      'null',
      '<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
    ],
    [
      'the order of the schema',
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string', node: 'attribute' }, c: { type: 'string' } },
      },
      '{"c":"3","b":"2\\t\\"<","x":[],"a":"1"}',
      '<r b="2&#9;&quot;&lt;"><a>1</a><c>3</c></r>',
    ],
    [
      'lists',
      {
        type: 'object',
        properties: {
          a: { type: 'array', items: { type: 'string' } },
          b: { name: 'B', type: 'array', wrapped: true, items: { name: 'i', type: 'integer' } },
          c: { type: 'array', wrapped: true, items: { type: 'string' } },
        },
      },
      '{"a":["x","y"],"b":[1,2],"c":[]}',
      '<r><a>x</a><a>y</a><B><i>1</i><i>2</i></B><c></c></r>',
    ],
    [
      'lists of lists',
      {
        type: 'object',
        properties: {
          a: { type: 'array', items: { name: 'row', type: 'array', items: { name: 'cell', type: 'integer' } } },
        },
      },
      '{"a":[[1,2],[3]]}',
      '<r><row><cell>1</cell><cell>2</cell></row><row><cell>3</cell></row></r>',
    ],
    [
      'a list as a root',
      { type: 'array', items: { name: 'i', type: 'integer' } },
      '[1,null]',
      '<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><i>1</i><i xsi:nil="true"/></r>',
    ],
    [
      'text and CDATA',
      { type: 'object', properties: { t: { type: 'string', node: 'text' }, c: { type: 'string', node: 'attribute' } } },
      '{"t":"a&","c":"x"}',
      '<r c="x">a&amp;</r>',
    ],
    [
      'CDATA',
      { type: 'object', properties: { t: { type: 'string', node: 'cdata' } } },
      '{"t":"<b>]]></b>"}',
      '<r><![CDATA[<b>]]]]><![CDATA[></b>]]></r>',
    ],
    [
      'members by their pattern',
      {
        type: 'object',
        properties: {},
        patterns: [{ pattern: '^l', value: { type: 'array', wrapped: true, items: { name: 'i', type: 'string' } } }],
      },
      '{"no":1,"list":["a"]}',
      '<r><list><i>a</i></list></r>',
    ],
    [
      'maps',
      { type: 'object', properties: {}, additional: { type: 'integer' } },
      '{"b":1,"a":2}',
      '<r><b>1</b><a>2</a></r>',
    ],
    [
      'tuples',
      {
        type: 'tuple',
        places: [
          { type: 'string', node: 'text' },
          { name: 'b', type: 'string' },
        ],
        items: { type: 'string' },
      },
      '["x","y","z"]',
      '<r>x<b>y</b><r>z</r></r>',
    ],
    [
      'anything',
      { type: 'any' },
      '{"a":{"@id":"7","#text":"t"},"l":[1,true,null],"e":{}}',
      '<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><a id="7">t</a><l>1</l><l>true</l><l xsi:nil="true"/><e></e></r>',
    ],
    [
      'objects without an element',
      {
        type: 'object',
        properties: {
          o: {
            node: 'none',
            type: 'object',
            properties: { a: { type: 'string', node: 'attribute' }, b: { type: 'string' } },
          },
          z: { type: 'string' },
        },
      },
      '{"z":"3","o":{"b":"2","a":"1"}}',
      '<r a="1"><b>2</b><z>3</z></r>',
    ],
    [
      'alternatives',
      {
        type: 'oneOf',
        by: { name: 'k' },
        of: [
          {
            is: ['x'],
            value: { type: 'object', properties: { k: { type: 'string' }, a: { name: 'X', type: 'string' } } },
          },
          {
            is: ['y'],
            value: {
              type: 'object',
              properties: { k: { type: 'string', node: 'attribute' }, a: { name: 'Y', type: 'string' } },
            },
          },
        ],
      },
      '{"a":"1","k":"y"}',
      '<r k="y"><Y>1</Y></r>',
    ],
    [
      'alternatives without a word',
      {
        type: 'oneOf',
        of: [
          { value: { type: 'object', required: ['b'], properties: { b: { type: 'string' } } } },
          { value: { type: 'object', properties: { a: { name: 'A', type: 'string' } } } },
          { value: { type: 'array', items: { name: 'i', type: 'string' } } },
        ],
      },
      '{"a":"1"}',
      '<r><A>1</A></r>',
    ],
  ])('writes %s', (_, value, json, xml) => {
    expect(written(value, json)).toBe(xml)
  })

  it('writes what holds itself', () => {
    const tree = xmlShape('Tree', {
      type: 'object',
      properties: { t: { name: 'Tree', recurse: 'Tree' }, n: { type: 'integer' } },
    })
    expect(written({ shape: tree }, '{"n":1,"t":{"n":2}}')).toBe('<r><Tree><n>2</n></Tree><n>1</n></r>')
  })

  it('declares namespaces once, on the root element, and only those it takes', () => {
    const value: XmlValue = {
      type: 'object',
      properties: {
        own: { type: 'string' },
        list: {
          type: 'array',
          items: { name: 'i', namespace: 'urn:2', type: 'object', properties: { deep: { type: 'string' } } },
        },
        pre: { name: 'p', namespace: 'urn:3', prefix: 'x', type: 'object', properties: { out: { type: 'string' } } },
        at: { namespace: 'urn:1', node: 'attribute', type: 'string' },
        lang: { name: 'xml:lang', node: 'attribute', type: 'string' },
        never: { name: 'n', namespace: 'urn:4', type: 'string' },
      },
    }
    const json = '{"own":"a","list":[{"deep":"b"},{"deep":"c"}],"pre":{"out":"d"},"at":"e","lang":"de"}'
    expect(written(value, json, { namespace: 'urn:1' })).toBe(
      '<r xmlns="urn:1" xmlns:ns2="urn:1" xmlns:ns1="urn:2" xmlns:x="urn:3" ns2:at="e" xml:lang="de"><own>a</own>' +
        '<ns1:i><ns1:deep>b</ns1:deep></ns1:i><ns1:i><ns1:deep>c</ns1:deep></ns1:i><x:p><out>d</out></x:p></r>',
    )
    expect(written(value, '{"own":"a"}', { namespace: 'urn:1' }, {}, { e: 'urn:1' })).toBe(
      '<e:r xmlns:e="urn:1"><e:own>a</e:own></e:r>',
    )
    expect(written(value, '{"own":"a"}', { namespace: 'urn:1', prefix: 'q' })).toBe(
      '<q:r xmlns:q="urn:1"><own>a</own></q:r>',
    )
    expect(
      written({ type: 'object', properties: { 'b:c': { type: 'string' } } }, '{"b:c":""}', {}, {}, { b: 'urn:b' }),
    ).toBe('<r xmlns:b="urn:b"><b:c></b:c></r>')
  })

  it('leaves nulls out where it is asked to', () => {
    const value: XmlValue = {
      type: 'object',
      properties: { a: { type: 'string', nullable: true }, b: { type: 'null', node: 'attribute' } },
    }
    expect(written(value, '{"a":null,"b":null}', {}, { nulls: 'omit' })).toBe('<r></r>')
  })

  it.each([
    ['{"a b":1}', '/a b'],
    ['{"":1}', '/'],
    ['{"x:y":1}', '/x:y'],
    ['{"1":1}', '/1'],
    ['{"a":{"@xmlns":"urn:evil"}}', '/a/@xmlns'],
    ['{"a":{"@x\\"":"1"}}', '/a/@x"'],
    ['{"a":{"#text":[]}}', '/a/#text'],
    ['{"a/b~":1}', '/a~1b~0'],
  ])('refuses names that XML has not: %s', (json, pointer) => {
    expect(() => written({ type: 'any' }, json)).toThrow(expect.objectContaining({ pointer }))
  })

  it('ends where the output grows out of hand', () => {
    expect(() =>
      written(
        { type: 'object', properties: { long: { type: 'array', items: { type: 'integer' } } } },
        `{"long":[${'1,'.repeat(1000)}1]}`,
        {},
        { size: 1000 },
      ),
    ).toThrow()
  })
})

it.each([
  ['1', '1'],
  ['-0', '0'],
  ['-0.0', '0'],
  ['1.0', '1'],
  ['-10.00e1', '-100'],
  ['1200E-2', '12'],
  ['0.5', undefined],
  ['1e-1', undefined],
  ['1e9999', undefined],
  ['0e99', '0'],
  ['1.5e1', '15'],
])('%s as a whole number is %s', (text, expected) => {
  expect(wholeNumber(text)).toBe(expected)
})

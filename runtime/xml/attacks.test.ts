import { describe, expect, it } from 'vitest'
import { convertXml } from './convert.ts'
import { link } from './link.ts'
import { Malformed, Misfit, TooLarge } from './malformed.ts'
import { xmlShape } from './shape.ts'
import { Transducer } from './transducer.ts'

const options = { unknown: 'drop', int64: 'number', emptyArrays: 'omit', nonFinite: 'reject' } as const
const anything = { value: link({ type: 'any' }) }
const convert = (xml: string | Buffer, charset?: string): string =>
  convertXml(Buffer.from(xml as string), anything, options, charset).toString()

describe('attacks', () => {
  it.each([
    ['a billion laughs', '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'],
    ['an external entity', '<!DOCTYPE l SYSTEM "file:///etc/passwd"><l/>'],
    ['an entity nobody declared', '<l>&nbsp;</l>'],
    ['a reference to NUL', '<l>&#0;</l>'],
    ['a reference to a surrogate', '<l>&#xD800;</l>'],
    ['a reference past Unicode', '<l>&#x110000;</l>'],
    ['an endless reference', `<l>&#${'0'.repeat(100)}65;</l>`],
    ['CDATA that closes twice', '<l>]]></l>'],
    ['invalid UTF-8', Buffer.from([0x3c, 0x61, 0x3e, 0xc0, 0xaf, 0x3c, 0x2f, 0x61, 0x3e])],
    ['UTF-8 that ends half-way', Buffer.concat([Buffer.from('<a/>'), Buffer.from([0xe2, 0x82])])],
    ['an attribute twice by namespace', '<l xmlns:a="u" xmlns:b="u" a:x="1" b:x="2"/>'],
    ['xmlns as an element prefix', '<xmlns:l/>'],
    ['too many attributes', `<l ${Array.from({ length: 257 }, (_, i) => `a${i}=""`).join(' ')}/>`],
    ['a name without end', `<${'a'.repeat(600)}/>`],
  ])('%s is malformed', (_, xml) => {
    expect(() => convert(xml)).toThrow(Malformed)
  })

  it('depth is bounded', () => {
    expect(() => convert('<a>'.repeat(101) + '</a>'.repeat(101))).toThrow(TooLarge)
    expect(convert('<a>'.repeat(100) + '</a>'.repeat(100))).toContain('"a"')
  })

  it('size is bounded', () => {
    const run = new Transducer(anything, options, { depth: 10, size: 100 })
    expect(() => run.write(Buffer.from(`<a>${'x'.repeat(100)}`))).toThrow(TooLarge)
  })

  it('a tag without end is bounded, whatever chunks it comes in', () => {
    const run = new Transducer(anything, options)
    run.write(Buffer.from('<a x="'))
    const chunk = Buffer.alloc(1000, 0x78)
    expect(() => {
      for (let i = 0; i < 3000; i++) run.write(chunk)
    }).toThrow(TooLarge)
  })

  it('many names do not fill the memory', () => {
    const xml = `<l>${Array.from({ length: 20_000 }, (_, i) => `<n${i}/>`).join('')}</l>`
    expect(Object.keys(JSON.parse(convert(xml)))).toHaveLength(20_000)
    expect(convert('<a><b>1</b></a>')).toBe('{"b": "1"}')
  })

  it('elements that alternate cost no more than their size', () => {
    const value = link({
      type: 'object',
      properties: { a: { type: 'array', items: { type: 'string' } }, b: { type: 'array', items: { type: 'string' } } },
    })
    const xml = Buffer.from(`<l>${'<a>1</a><b>2</b>'.repeat(50_000)}</l>`)
    const json = JSON.parse(convertXml(xml, { value }, options).toString())
    expect(json.a).toHaveLength(50_000)
    expect(json.b).toHaveLength(50_000)
  })

  it('white space in xsi:nil costs no more than its size', () => {
    const nil = `a${' '.repeat(500_000)}b`
    const xml = `<l xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="${nil}"/>`
    expect(() => convert(xml)).toThrow(Misfit)
  })

  it('choices within choices do not multiply', () => {
    const a = { recurse: 'A' }
    const shape = xmlShape('A', {
      type: 'oneOf',
      of: [
        { value: { type: 'object', properties: { a, x: { type: 'integer' } } } },
        { value: { type: 'object', properties: { a, x: { type: 'boolean' } } } },
      ],
    })
    const xml = `${'<a>'.repeat(41)}${'y'.repeat(1000)}${'</a>'.repeat(41)}`
    expect(() => convertXml(Buffer.from(xml), { value: link({ shape }) }, options)).toThrow(TooLarge)
  }, 60_000)

  it('every beginning of a document is refused', () => {
    const xml = '<?xml version="1.0"?><!-- c --><a b="&lt;"><c><![CDATA[x]]></c>é &amp; <d/></a>'
    const bytes = Buffer.from(xml)
    for (let end = 0; end < bytes.length; end++) {
      expect(() => convert(bytes.subarray(0, end)), String(end)).toThrow(/./)
    }
    expect(JSON.parse(convert(bytes))).toEqual({ '@b': '<', c: 'x', d: '', '#text': 'é & ' })
  })

  it('a document without the declared value is a misfit', () => {
    const root = { ...anything, unwrap: 'soap' as const }
    const xml = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>'
    expect(() => convertXml(Buffer.from(xml), root, options)).toThrow(Misfit)
  })
})

describe('encodings', () => {
  const expected = '"é€"'
  const utf16 = (text: string, swap: boolean): Buffer => {
    const bytes = Buffer.from(text, 'utf16le')
    return swap ? bytes.swap16() : bytes
  }
  it.each([
    ['UTF-8', Buffer.from('<a>é€</a>'), undefined],
    ['UTF-8 with a mark', Buffer.from('\uFEFF<?xml version="1.0"?><a>é€</a>'), undefined],
    ['UTF-16 LE', utf16('\uFEFF<a>é€</a>', false), undefined],
    ['UTF-16 BE', utf16('\uFEFF<?xml version="1.0" encoding="UTF-16"?><a>é€</a>', true), undefined],
    ['a mark against a charset', utf16('\uFEFF<a>é€</a>', false), 'iso-8859-1'],
    ['a charset against a declaration', Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><a>é€</a>'), 'UTF-8'],
    ['windows-1252', Buffer.from('<?xml version="1.0" encoding="windows-1252"?><a>\xe9\x80</a>', 'latin1'), undefined],
    ['references', Buffer.from('<a>&#233;&#x20AC;</a>'), 'us-ascii'],
  ])('%s', (_, bytes, charset) => {
    expect(convertXml(bytes, anything, options, charset).toString()).toBe(expected)
  })

  it('ISO-8859-1 by declaration', () => {
    const bytes = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', 'latin1')
    expect(convertXml(bytes, anything, options).toString()).toBe('"é"')
  })

  it.each([
    ['ASCII that is none', Buffer.from('<a>é</a>'), 'us-ascii'],
    ['an encoding nobody knows', Buffer.from('<a/>'), 'x-user-defined'],
    ['UTF-16 that is declared and is not', Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a/>'), undefined],
    ['half a character of UTF-16', utf16('\uFEFF<a>\uD800</a>', false), undefined],
  ])('%s is malformed', (_, bytes, charset) => {
    expect(() => convertXml(bytes, anything, options, charset)).toThrow(Malformed)
  })
})

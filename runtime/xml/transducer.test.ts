import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { convertXml } from './convert.ts'
import { link } from './link.ts'
import type { XmlValue } from './shape.ts'
import { Transducer } from './transducer.ts'

const options = { unknown: 'drop', int64: 'number', emptyArrays: 'omit', nonFinite: 'reject' } as const
const text = { type: 'string' } as const
const texts = { type: 'array', items: text } as const

/** What may still change is held back; what has left must be right whatever comes. */
it.each<[string, XmlValue, string]>([
  [
    'a value of any kind behind another member',
    { type: 'object', properties: { a: text, x: { type: 'any' } } },
    '<r><a>before</a><x p="1">t<i>1</i><i>2</i><k>3</k> u <i>4</i><k/></x></r>',
  ],
  ['a document of no schema', { type: 'any' }, '<r a="1">x<i>1</i><k/><i>2</i><o><i>3</i><i>4</i></o>y</r>'],
  [
    'a value of any kind in an array',
    { type: 'object', properties: { a: { type: 'array', items: { type: 'any' } }, b: text } },
    '<r><a><i>1</i><i>2</i></a><a>3</a><b>z</b><a><i q="1">4</i><i>5</i></a></r>',
  ],
  [
    'arrays whose items stand apart',
    { type: 'object', properties: { a: texts, b: texts, c: text } },
    '<r><a>1</a><b>2</b><a>3</a><c>4</c><b>5</b><a>6</a></r>',
  ],
  [
    'a map of arrays',
    { type: 'object', properties: { a: text }, additional: texts },
    '<r><a>before</a><p>1</p><q>2</q><p>3</p><q>4</q></r>',
  ],
  [
    'an object within an object, in a map',
    {
      type: 'object',
      properties: { a: { type: 'object', properties: { t: { ...text, node: 'text' }, b: texts } } },
      additional: { type: 'object', properties: { n: { type: 'integer' }, s: { type: 'token' } } },
    },
    '<r><a>x<b>1</b>y<![CDATA[<]]><b>2</b>&amp;</a><m><n> 007 </n><s> a\n b </s></m></r>',
  ],
])('%s is the same in chunks of any size', (_, plan, xml) => {
  const root = { value: link(plan) }
  const bytes = Buffer.from(`<?xml version="1.0"?>${xml}`)
  const whole = convertXml(bytes, root, options).toString()
  JSON.parse(whole)
  for (let size = 1; size < bytes.length; size++) {
    const run = new Transducer(root, options)
    const parts: Buffer[] = []
    for (let at = 0; at < bytes.length; at += size) {
      run.write(bytes.subarray(at, at + size))
      parts.push(run.take())
    }
    run.end()
    expect(Buffer.concat([...parts, run.finish()]).toString(), `chunks of ${size}`).toBe(whole)
  }
})

it('finds names again, however many there are', () => {
  for (const count of [3, 11, 12, 13, 40]) {
    const names = Array.from({ length: count }, (_, i) => `n${i}`)
    const xml = `<r>${[...names, ...names].map((name) => `<${name}>${name}</${name}>`).join('')}<n1>x</n1></r>`
    const json = convertXml(Buffer.from(xml), { value: link({ type: 'any' }) }, options).toString()
    expect(JSON.parse(json)).toEqual(
      Object.fromEntries(names.map((name) => [name, name === 'n1' ? [name, name, 'x'] : [name, name]])),
    )
  }
})

it('takes the first of attributes that differ in their namespaces only', () => {
  const xml = '<r xmlns:p="u" xmlns:q="v" p:a="1" q:a="2" a="3" b="&lt;" q:b="4"/>'
  const json = convertXml(Buffer.from(xml), { value: link({ type: 'any' }) }, options).toString()
  expect(json).toBe('{"@a":"1","@b":"<"}')
})

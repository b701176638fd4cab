import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { convertXml } from '@specgate/runtime/xml/convert'
import { XmlDecoder } from '@specgate/runtime/xml/encoding'
import { link } from '@specgate/runtime/xml/link'
import { Transducer } from '@specgate/runtime/xml/transducer'
import { XMLParser } from 'fast-xml-parser'
import sax from 'sax'
import { SaxesParser } from 'saxes'
import xml2js from 'xml2js'

/**
 * XML bytes → JSON bytes, MB/s of XML, beside parsers that people use and beside JSON.parse of the same data.
 *
 *     npm run bench:xml                 1 KiB, 64 KiB, 10 MiB
 *     npm run bench:xml -- --rounds 20
 *
 * All engines run in one process, in turn, round after round; what counts is CPU time, and of the rounds the median.
 * sax and saxes only parse: what they would need to make JSON comes on top.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } })
const rounds = Number(values.rounds)

/** An order as people send it: attributes, nested elements, numbers, dates, references, line breaks. */
function order(i: number): string {
  return `
    <Order id="${1_000_000 + i}">
      <customer>
        <name>Customer number ${i} &amp; sons</name>
        <email>customer${i}@example.com</email>
      </customer>
      <placed>2024-03-0${(i % 9) + 1}T12:30:00Z</placed>
      <total>${(i * 13.37).toFixed(2)}</total>
      <paid>${i % 2 === 0}</paid>
      <note>Deliver to the back door, please; ring twice if nobody answers. "Thanks", Zoë</note>
      <Line><sku>SKU-${i}-A</sku><quantity>${i}</quantity><price>${(i * 1.5).toFixed(2)}</price></Line>
      <Line><sku>SKU-${i}-B</sku><quantity>${i + 1}</quantity><price>${(i * 2.5).toFixed(2)}</price></Line>
    </Order>`
}

function document(size: number): Buffer {
  const parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<Export xmlns="urn:example:orders"><Orders>']
  let length = parts[0]!.length
  for (let i = 1; length < size; i++) {
    const part = order(i)
    parts.push(part)
    length += part.length
  }
  return Buffer.from(`${parts.join('')}\n</Orders></Export>`)
}

const root = {
  value: link({
    type: 'object',
    properties: {
      orders: {
        name: 'Orders',
        type: 'array',
        wrapped: true,
        items: {
          name: 'Order',
          type: 'object',
          properties: {
            id: { type: 'int64', node: 'attribute' },
            customer: { type: 'object', properties: { name: { type: 'string' }, email: { type: 'string' } } },
            placed: { type: 'token' },
            total: { type: 'number' },
            paid: { type: 'boolean' },
            note: { type: 'string' },
            lines: {
              type: 'array',
              items: {
                name: 'Line',
                type: 'object',
                properties: { sku: { type: 'string' }, quantity: { type: 'integer' }, price: { type: 'number' } },
              },
            },
          },
        },
      },
    },
  }),
}
const options = { unknown: 'drop', int64: 'number', emptyArrays: 'omit', nonFinite: 'reject' } as const

type Engine = (xml: Buffer) => void

function engines(json: string): Record<string, Engine> {
  const fast = new XMLParser({ ignoreAttributes: false })
  return {
    'JSON.parse': () => JSON.parse(json),
    specgate: (xml) => convertXml(xml, root, options),
    'fast-xml-parser': (xml) => Buffer.from(JSON.stringify(fast.parse(xml.toString()))),
    xml2js: (xml) => {
      new xml2js.Parser({ async: false }).parseString(xml.toString(), (_, value) => Buffer.from(JSON.stringify(value)))
    },
    'saxes (parse only)': (xml) => {
      const parser = new SaxesParser({ xmlns: true })
      for (const event of ['opentag', 'closetag', 'text'] as const) parser.on(event, heard)
      parser.write(xml.toString()).close()
    },
    'sax (parse only)': (xml) => {
      const parser = sax.parser(true, { xmlns: true })
      parser.onopentag = parser.onclosetag = parser.ontext = heard
      parser.write(xml.toString()).close()
    },
  }
}

/** A parser that has nobody to tell leaves work out. */
const heard = (): void => {}

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

/**
 * Nanoseconds of CPU for one call. What the engine before has left is collected first, so that nobody pays for another;
 * that throws compiled code away too, hence the run-up.
 */
function cost(engine: Engine, xml: Buffer, times: number): number {
  collect()
  for (let i = 0; i < times; i++) engine(xml)
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) engine(xml)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1000) / times
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!
}

function compare(label: string, xml: Buffer): void {
  const bytes = convertXml(xml, root, options)
  const all = engines(bytes.toString())
  const found = new Map<string, number[]>(Object.keys(all).map((name) => [name, []]))
  const times = new Map(
    Object.entries(all).map(([name, engine]) => {
      cost(engine, xml, Math.ceil(200_000 / xml.length))
      // About 100 ms a round: below that the clock of the CPU is too coarse.
      return [name, Math.max(1, Math.ceil(1e8 / Math.max(1000, cost(engine, xml, Math.ceil(2_000_000 / xml.length)))))]
    }),
  )
  for (let round = 0; round < rounds; round++) {
    for (const [name, engine] of Object.entries(all)) found.get(name)!.push(cost(engine, xml, times.get(name)!))
  }
  const parse = median(found.get('JSON.parse')!)
  const fast = median(found.get('fast-xml-parser')!)
  console.log(`\n${label}: ${xml.length} bytes of XML, ${bytes.length} of JSON`)
  console.log('                       MB/s   × JSON.parse time   speed × fast-xml-parser')
  for (const [name, costs] of found) {
    const each = median(costs)
    const columns = [((xml.length / each) * 1000).toFixed(1), (each / parse).toFixed(2), (fast / each).toFixed(1)]
    console.log(`${name.padEnd(20)}${columns.map((text, i) => text.padStart([8, 15, 20][i]!)).join('')}`)
  }
}

/** How much more memory a document takes that comes and leaves in chunks. */
function memory(xml: Buffer): void {
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  collect()
  const before = used()
  let peak = 0
  let written = 0
  const decoder = new XmlDecoder(undefined)
  const run = new Transducer(root, options)
  for (let at = 0; at < xml.length; at += 65_536) {
    run.write(decoder.decode(Buffer.from(xml.subarray(at, at + 65_536))))
    if (run.out.at >= 65_536) written += run.take().length
    peak = Math.max(peak, used() - before)
  }
  run.write(decoder.end())
  run.end()
  written += run.finish().length
  console.log(
    `\nstreamed, ${xml.length} → ${written} bytes: peak of ${(peak / 2 ** 20).toFixed(1)} MiB beside the document`,
  )
}

compare('1 KiB', document(1024))
compare('64 KiB', document(64 * 1024))
compare('10 MiB', document(10 * 1024 * 1024))
memory(document(10 * 1024 * 1024))

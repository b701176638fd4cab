import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { convertXml } from '@specgate/runtime/xml/convert'
import { XmlDecoder } from '@specgate/runtime/xml/encoding'
import { link } from '@specgate/runtime/xml/link'
import type { XmlValue } from '@specgate/runtime/xml/shape'
import { Transducer } from '@specgate/runtime/xml/transducer'
import { linkWritten } from '@specgate/runtime/xml/write/link-written'
import { writeXml } from '@specgate/runtime/xml/write/write-xml'
import { XMLBuilder, XMLParser } from 'fast-xml-parser'
import sax from 'sax'
import { SaxesParser } from 'saxes'
import xml2js from 'xml2js'

/**
 * XML bytes → JSON bytes, MB/s of XML, beside parsers that people use and beside JSON.parse of the same data: of its text,
 * which leaves out that a body comes as bytes, and of its bytes, which is what everybody has to do who gets one. Then the
 * way back.
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

const plan: XmlValue = {
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
}
const root = { value: link(plan) }
const options = { unknown: 'drop', int64: 'number', emptyArrays: 'omit', nonFinite: 'reject' } as const

type Engine = () => void

/** The text of the JSON is there already: what is asked is what it costs to parse. */
const ofText = 'JSON.parse'
const ofBytes = 'JSON.parse, of bytes'
const fastParser = 'fast-xml-parser'

function readers(xml: Buffer, json: Buffer): Record<string, Engine> {
  const fast = new XMLParser({ ignoreAttributes: false })
  const text = json.toString()
  return {
    [ofText]: () => JSON.parse(text),
    [ofBytes]: () => JSON.parse(json.toString()),
    specgate: () => convertXml(xml, root, options),
    [fastParser]: () => Buffer.from(JSON.stringify(fast.parse(xml.toString()))),
    xml2js: () => {
      new xml2js.Parser({ async: false }).parseString(xml.toString(), (_, value) => Buffer.from(JSON.stringify(value)))
    },
    'saxes (parse only)': () => {
      const parser = new SaxesParser({ xmlns: true })
      for (const event of ['opentag', 'closetag', 'text'] as const) parser.on(event, heard)
      parser.write(xml.toString()).close()
    },
    'sax (parse only)': () => {
      const parser = sax.parser(true, { xmlns: true })
      parser.onopentag = parser.onclosetag = parser.ontext = heard
      parser.write(xml.toString()).close()
    },
  }
}

const writtenRoot = linkWritten({ name: 'Export', namespace: 'urn:example:orders', value: plan })
const writing = { unknown: 'drop', nulls: 'nil', size: 64 * 1024 * 1024 } as const

/** JSON bytes → XML bytes: the others make objects of the JSON first, in the order they are to be written. */
function writers(json: Buffer): Record<string, Engine> {
  const fast = new XMLBuilder({ ignoreAttributes: false })
  const builder = new xml2js.Builder({ renderOpts: { pretty: false } })
  const text = json.toString()
  return {
    [ofText]: () => JSON.parse(text),
    [ofBytes]: () => JSON.parse(json.toString()),
    specgate: () => Buffer.from(writeXml(json, writtenRoot, writing, 100)),
    [fastParser]: () => Buffer.from(fast.build({ Export: JSON.parse(json.toString()) })),
    xml2js: () => Buffer.from(builder.buildObject({ Export: JSON.parse(json.toString()) })),
  }
}

/** A parser that has nobody to tell leaves work out. */
const heard = (): void => {}

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

/** Microseconds of CPU that an engine runs before it is measured. */
const runUp = 400_000

/**
 * Nanoseconds of CPU for one call. What the engine before has left is collected first, so that nobody pays for another;
 * that throws compiled code away too, and compiling it again counts as CPU of this process, hence the run-up.
 */
function cost(engine: Engine, times: number): number {
  collect()
  const start = process.cpuUsage()
  do {
    for (let i = 0; i < times; i++) engine()
  } while (microseconds(start) < runUp)
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) engine()
  return (microseconds(before) * 1000) / times
}

/** Of CPU since then. */
function microseconds(then: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(then)
  return user + system
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!
}

/** @param size bytes of the XML */
function compare(all: Record<string, Engine>, size: number): void {
  const found = new Map<string, number[]>(Object.keys(all).map((name) => [name, []]))
  const times = new Map(
    Object.entries(all).map(([name, engine]) => {
      cost(engine, Math.ceil(200_000 / size))
      // About 100 ms a round: below that the clock of the CPU is too coarse.
      return [name, Math.max(1, Math.ceil(1e8 / Math.max(1000, cost(engine, Math.ceil(2_000_000 / size)))))]
    }),
  )
  for (let round = 0; round < rounds; round++) {
    for (const [name, engine] of Object.entries(all)) found.get(name)!.push(cost(engine, times.get(name)!))
  }
  const of = (name: string): number => median(found.get(name)!)
  console.log('                       MB/s   × JSON.parse time   × of bytes   speed × fast-xml-parser')
  for (const name of found.keys()) {
    const each = of(name)
    const ratios = [(each / of(ofText)).toFixed(2), (each / of(ofBytes)).toFixed(2), (of(fastParser) / each).toFixed(1)]
    const columns = [((size / each) * 1000).toFixed(1), ...ratios]
    console.log(`${name.padEnd(20)}${columns.map((text, i) => text.padStart([8, 15, 14, 18][i]!)).join('')}`)
  }
}

/** How much more memory a document takes that comes and leaves in chunks: with the chunks, and what is no longer needed. */
async function memory(xml: Buffer): Promise<void> {
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  collect()
  // What was collected is counted until it has been swept.
  await setTimeout(500)
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

for (const [label, size] of [
  ['1 KiB', 1024],
  ['64 KiB', 64 * 1024],
  ['10 MiB', 10 * 1024 * 1024],
] as const) {
  const xml = document(size)
  const json = convertXml(xml, root, options)
  console.log(`\n${label}, XML to JSON: ${xml.length} bytes of XML, ${json.length} of JSON`)
  compare(readers(xml, json), xml.length)
  const written = Buffer.byteLength(writeXml(json, writtenRoot, writing, 100))
  console.log(`\n${label}, JSON to XML: ${json.length} bytes of JSON, ${written} of XML`)
  compare(writers(json), written)
}
await memory(document(10 * 1024 * 1024))

import { XMLParser } from 'fast-xml-parser'
import { convertXml } from '/work/main/runtime/xml/convert.ts'
import { link } from '/work/main/runtime/xml/link.ts'

const options = { unknown: 'drop', int64: 'number', emptyArrays: 'omit', nonFinite: 'reject' } as const
const v = link({
  type: 'object',
  properties: {
    orders: {
      type: 'array',
      name: 'Orders',
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
})
let body = ''
let i = 0
while (body.length < 64 * 1024) {
  i++
  body += `
    <Order id="${1000000 + i}">
      <customer>
        <name>Customer number ${i} &amp; sons</name>
        <email>customer${i}@example.com</email>
      </customer>
      <placed>2024-03-0${(i % 9) + 1}T12:30:00Z</placed>
      <total>${(i * 13.37).toFixed(2)}</total>
      <paid>${i % 2 === 0}</paid>
      <note>Deliver to the back door, please; ring twice if nobody answers. "Thanks"</note>
      <Line><sku>SKU-${i}-A</sku><quantity>${i}</quantity><price>${(i * 1.5).toFixed(2)}</price></Line>
      <Line><sku>SKU-${i}-B</sku><quantity>${i + 1}</quantity><price>${(i * 2.5).toFixed(2)}</price></Line>
    </Order>`
}
const xml = Buffer.from(
  `<?xml version="1.0" encoding="UTF-8"?>\n<Export xmlns="urn:x"><Orders>${body}\n</Orders></Export>`,
)
const json = convertXml(xml, { value: v }, options)
console.log(xml.length, json.length, json.toString().slice(0, 500))
const fxp = new XMLParser({ ignoreAttributes: false })
const runs: Record<string, () => void> = {
  ours: () => {
    convertXml(xml, { value: v }, options)
  },
  parse: () => {
    JSON.parse(json.toString())
  },
  fxp: () => {
    Buffer.from(JSON.stringify(fxp.parse(xml.toString())))
  },
}
const T: any = { ours: 1e9, parse: 1e9, fxp: 1e9 }
for (let r = 0; r < 12; r++)
  for (const k in runs) {
    const n = k === 'fxp' ? 10 : 100
    const t = process.hrtime.bigint()
    for (let j = 0; j < n; j++) runs[k]!()
    const ns = Number(process.hrtime.bigint() - t) / n
    T[k] = Math.min(T[k], ns)
  }
for (const k in T)
  console.log(
    k,
    ((xml.length / T[k]) * 1000).toFixed(1),
    'MB/s',
    (T[k] / T.parse).toFixed(2),
    'x parse',
    (T.fxp / T[k]).toFixed(1),
    'x fxp speed',
  )

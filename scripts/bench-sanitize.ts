/**
 * What projecting costs beside reading and writing the same JSON: `npm run bench:sanitize`. One process, each in turn, the best of
 * several rounds.
 */
import { Projector } from '@specgate/runtime/projection/projector'
import { sanitizeOptions } from '../test/support/sanitize-options.ts'

const text = { type: 'string' }
const number = { type: 'number' }
const members = {
  id: { type: 'integer' },
  total: number,
  placed: { type: 'string', format: 'date-time' },
  customer: { $ref: '#/components/schemas/Customer' },
  lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
  labels: { type: 'object', additionalProperties: text },
}
const components = {
  Customer: {
    type: 'object',
    required: ['name'],
    properties: {
      name: text,
      email: text,
      address: { type: 'object', properties: { street: text, city: text, zip: text } },
    },
  },
  Line: {
    type: 'object',
    required: ['sku'],
    properties: { sku: text, quantity: { type: 'integer' }, price: number, note: text },
  },
  Order: { type: 'object', properties: { ...members, status: text } },
  Open: { type: 'object', required: ['id', 'status'], properties: { ...members, status: { const: 'open' } } },
  Paid: { type: 'object', required: ['id', 'status'], properties: { ...members, status: { const: 'paid' } } },
  Invoice: { type: 'object', required: ['id', 'paid'], properties: { ...members, status: text, paid: text } },
  Offer: { type: 'object', required: ['id', 'valid'], properties: { ...members, status: text, valid: text } },
}
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const closed = (name: 'Invoice' | 'Offer') => ({ ...components[name], additionalProperties: false })
/** What the items of the document are declared to be. */
const schemas = {
  plain: reference('Order'),
  discriminator: {
    oneOf: [reference('Open'), reference('Paid')],
    discriminator: { propertyName: 'status', mapping: { open: 'Open', paid: 'Paid' } },
  },
  constants: { oneOf: [reference('Open'), reference('Paid')] },
  'required members': { oneOf: [reference('Invoice'), reference('Offer')] },
  'closed alternatives': { oneOf: [closed('Invoice'), closed('Offer')] },
  'one more member': {
    allOf: [reference('Order')],
    anyOf: [
      { required: ['paid'], properties: { paid: text } },
      { required: ['valid'], properties: { valid: text } },
    ],
  },
}

/** @param extra whether there is something to take out of every object */
function order(i: number, extra: boolean): object {
  const secret = extra ? { cost: i / 7, internal: { by: 'batch', at: [1, 2, 3] } } : {}
  return {
    id: 9_000_000 + i,
    status: i % 2 === 0 ? 'open' : 'paid',
    ...secret,
    total: i * 1.25,
    placed: '2026-01-02T03:04:05Z',
    customer: {
      name: `Ann Example ${i}`,
      email: `ann${i}@example.com`,
      ...(extra ? { score: 3 } : {}),
      address: { street: 'Long Street 12', city: 'Zürich', zip: '8001' },
    },
    lines: Array.from({ length: 4 }, (_, n) => ({
      sku: `SKU-${i}-${n}`,
      quantity: n + 1,
      price: 12.5,
      ...(extra ? { margin: 0.4 } : {}),
      note: 'as discussed\nwith the buyer',
    })),
    labels: { priority: 'high', channel: 'web' },
    ...(i % 2 === 0 ? { valid: '2026-02-01' } : { paid: 'by card' }),
  }
}

function best(run: () => unknown, bytes: number): number {
  const rounds = Math.max(5, Math.ceil(8_000_000 / bytes))
  let fastest = Number.POSITIVE_INFINITY
  for (let batch = 0; batch < 12; batch++) {
    const start = performance.now()
    for (let i = 0; i < rounds; i++) run()
    fastest = Math.min(fastest, (performance.now() - start) / rounds)
  }
  return fastest
}

const roots = await Promise.all(
  Object.entries(schemas).map(async ([kind, items]) => {
    const { shapes, responses } = await sanitizeOptions({ type: 'array', items }, components)
    const projector = new Projector(shapes!, { undeclared: 'strip', depth: 256 })
    return { kind, projector, root: projector.root(responses['200']!.content!['application/json']!.shape!) }
  }),
)

console.log('document                               bytes   parse+stringify ms   project ms   ratio')
for (const [size, count] of [
  ['1 KiB', 2],
  ['64 KiB', 110],
  ['10 MiB', 17_000],
] as const) {
  for (const extra of [false, true]) {
    const bytes = Buffer.from(JSON.stringify(Array.from({ length: count }, (_, i) => order(i, extra))))
    for (const { kind, projector, root } of roots) {
      const project = best(() => projector.project(bytes, root, [], () => undefined), bytes.length)
      const both = best(() => Buffer.from(JSON.stringify(JSON.parse(bytes.toString('utf8')))), bytes.length)
      const name = `${size} ${extra ? 'stripped' : 'clean'}, ${kind}`
      console.log(
        `${name.padEnd(38)} ${String(bytes.length).padStart(8)} ${both.toFixed(4).padStart(16)} ${project.toFixed(4).padStart(14)} ${(project / both).toFixed(2).padStart(9)}`,
      )
    }
  }
}

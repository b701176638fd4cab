/**
 * What projecting costs beside reading and writing the same JSON: `npm run bench:sanitize`. One process, each in turn, the best of
 * several rounds.
 */
import { Projector } from '@specgate/runtime/projection/projector'
import { type JsonShape, jsonShapes } from '@specgate/runtime/projection/shape'

const Order: JsonShape = {
  properties: {
    id: 'plain',
    status: 'plain',
    total: 'plain',
    placed: 'plain',
    customer: {
      properties: {
        name: 'plain',
        email: 'plain',
        address: { properties: { street: 'plain', city: 'plain', zip: 'plain' } },
      },
    },
    lines: { items: { properties: { sku: 'plain', quantity: 'plain', price: 'plain', note: 'plain' } } },
    labels: { additional: 'plain' },
  },
}
const paid: JsonShape = { properties: { kind: 'plain', card: 'plain' } }
const Chosen: JsonShape = {
  all: [{ is: 'Order' }],
  choices: [{ by: 'status', of: [{ words: ['open', 'paid'], value: { properties: { payment: paid } } }] }],
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

const has =
  (name: string) =>
  (value: unknown): boolean =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, name)
/** Alternatives that only their schemas tell apart; the schemas here cost next to nothing. */
const Judged: JsonShape = {
  all: [{ is: 'Order' }],
  choices: [
    {
      of: [
        { when: has('labels'), value: { properties: { payment: paid } } },
        { when: has('paid'), value: { properties: { paid } } },
      ],
    },
  ],
}

const projector = new Projector(jsonShapes({ Order, Chosen, Judged }), { undeclared: 'strip', depth: 256 })
const roots = {
  plain: projector.root({ items: { is: 'Order' } }),
  discriminator: projector.root({ items: { is: 'Chosen' } }),
  schemas: projector.root({ items: { is: 'Judged' } }),
}

console.log('document                     bytes   parse+stringify ms   project ms   ratio')
for (const [size, count] of [
  ['1 KiB', 2],
  ['64 KiB', 110],
  ['10 MiB', 17_000],
] as const) {
  for (const extra of [false, true]) {
    const bytes = Buffer.from(JSON.stringify(Array.from({ length: count }, (_, i) => order(i, extra))))
    for (const [kind, root] of Object.entries(roots)) {
      const project = best(() => projector.project(bytes, root, [], () => undefined), bytes.length)
      const both = best(() => Buffer.from(JSON.stringify(JSON.parse(bytes.toString('utf8')))), bytes.length)
      const name = `${size} ${extra ? 'stripped' : 'clean'} ${kind}`
      console.log(
        `${name.padEnd(28)} ${String(bytes.length).padStart(8)} ${both.toFixed(4).padStart(16)} ${project.toFixed(4).padStart(14)} ${(project / both).toFixed(2).padStart(9)}`,
      )
    }
  }
}

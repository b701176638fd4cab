import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { policies } from '../policies/index.ts'
import { Reporter } from '../report/reporter.ts'
import { checkDocument } from './check.ts'
import { treeOf } from './tree.test-support.ts'

const samples = ['petstore', 'legacy-orders', 'search'].map(
  (name) => parse(readFileSync(new URL(`../../specs/${name}.yaml`, import.meta.url), 'utf8')) as unknown,
)

function check(document: unknown): Reporter {
  const reporter = new Reporter()
  checkDocument(treeOf(document), reporter, { policies, version: '3.1' })
  return reporter
}

const junk = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 1.5, '', '/', '{', '${env:', '#/components/schemas/Pet', '__proto__'),
  fc.constantFrom<unknown>([], {}, [[]], [null], { $ref: 5 }, { $ref: '#/components/schemas/Pet' }, { $ref: '#/x' }),
  fc.json().map((text) => JSON.parse(text) as unknown),
)

/** Puts `value` in place of one of the parts, chosen by number. */
function spoil(document: unknown, which: number, value: unknown): unknown {
  const copy = structuredClone(document)
  const spots: [Record<string, unknown>, string][] = []
  const pending: unknown[] = [copy]
  while (pending.length > 0) {
    const part = pending.pop()
    if (typeof part !== 'object' || part === null) continue
    for (const [key, member] of Object.entries(part)) {
      spots.push([part as Record<string, unknown>, key])
      pending.push(member)
    }
  }
  const [owner, key] = spots[which % spots.length]!
  owner[key] = value
  return copy
}

test('whatever stands in a document is reported, never thrown at', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(), junk), { maxLength: 4 }),
      (document, faults) => {
        let spoilt = document
        for (const [which, value] of faults) spoilt = spoil(spoilt, which, value)
        for (const { place, message } of check(spoilt).diagnostics) {
          expect(typeof place.pointer).toBe('string')
          expect(message).not.toMatch(/undefined|\[object/)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test.each([null, 5, 'text', [], {}, { paths: null }, { components: [] }])('%j is no reason to throw', (document) => {
  check(document)
})

test('a schema nested ten thousand deep needs no stack', () => {
  let schema: unknown = { type: 'string' }
  for (let depth = 0; depth < 10_000; depth++) schema = { allOf: [{ properties: { a: schema } }] }
  expect(check({ openapi: '3.1.1', components: { schemas: { a: schema } } }).hasErrors).toBe(false)
})

test('what YAML aliases share is looked at once', () => {
  let shared: unknown = { type: 'string' }
  for (let depth = 0; depth < 40; depth++) shared = { type: 'object', properties: { a: shared, b: shared } }
  expect(check({ openapi: '3.1.1', components: { schemas: { a: shared } } }).hasErrors).toBe(false)
})

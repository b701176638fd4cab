import fc from 'fast-check'
import { expect, it } from 'vitest'
import { convertXml } from '../../../runtime/xml/convert.ts'
import { linkRoot } from '../../../runtime/xml/link.ts'
import { Malformed, Misfit, TooLarge } from '../../../runtime/xml/malformed.ts'
import { type LinkedRoot, Transducer } from '../../../runtime/xml/transducer.ts'
import { planOf } from '../../../test/support/plan-of.ts'
import { emittedOptions } from '../../xml/evaluate.test-support.ts'
import { documents, type Schema } from '../../xml/samples.test-support.ts'
import policy from './policy.ts'

const walk = { unknown: 'drop', int64: 'number', emptyArrays: 'omit', nonFinite: 'reject' } as const

function rootFor(schema: Schema): LinkedRoot {
  const responses = { 200: { description: 'ok', content: { 'application/json': { schema } } } }
  const { plan } = planOf({ paths: { '/': { get: { operationId: 'a', responses } } }, 'x-proxy': { xmlToJson: {} } }, [
    policy,
  ])
  return linkRoot(emittedOptions(plan)!.responses['200']!.root)
}

it('XML of a value of a generated schema becomes that value, in chunks of any size', () => {
  fc.assert(
    fc.property(documents, fc.integer({ min: 1, max: 40 }), ({ schema, value, xml }, size) => {
      const root = rootFor(schema)
      const bytes = Buffer.from(xml('root'))
      const json = convertXml(bytes, root, walk).toString()
      expect(JSON.parse(json)).toEqual(value)
      const run = new Transducer(root, walk)
      const parts: Buffer[] = []
      for (let at = 0; at < bytes.length; at += size) {
        run.write(bytes.subarray(at, at + size))
        parts.push(run.take())
      }
      run.end()
      expect(Buffer.concat([...parts, run.finish()]).toString()).toBe(json)
    }),
    { numRuns: 300 },
  )
})

it('whatever an upstream makes of a document, the answer is whole JSON or a refusal', () => {
  const mutations = fc.array(
    fc.tuple(fc.nat(), fc.constantFrom('<', '>', '/', '"', 'a', '&', ' ', '</a>', '<b/>', ']]>', '\u0000')),
    { maxLength: 3 },
  )
  fc.assert(
    fc.property(documents, mutations, ({ schema, xml }, changes) => {
      let text = xml('root')
      for (const [at, what] of changes) {
        const place = at % text.length
        text = text.slice(0, place) + what + text.slice(place + (at % 3))
      }
      try {
        JSON.parse(convertXml(Buffer.from(text), rootFor(schema), walk).toString())
      } catch (error) {
        expect(error instanceof Malformed || error instanceof Misfit || error instanceof TooLarge, String(error)).toBe(
          true,
        )
      }
    }),
    { numRuns: 500 },
  )
})

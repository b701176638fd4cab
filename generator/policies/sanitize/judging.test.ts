import fc from 'fast-check'
import { expect, it } from 'vitest'
import { along, schema, service, value, written } from './generated.test-support.ts'

/** The same schemas every time, unless more are asked for: `LEAK_RUNS=1000 npx vitest run …/judging.test.ts`. */
const { LEAK_RUNS: asked, LEAK_SEED: seed } = process.env
const parameters =
  asked === undefined
    ? { numRuns: 60, seed: 20_261 }
    : { numRuns: Number(asked), ...(seed === undefined ? {} : { seed: Number(seed) }) }

it('tells alternatives apart by texts as their validators do', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      // Nearly all of them have alternatives.
      fc.array(schema, { minLength: 2, maxLength: 3 }),
      fc.constantFrom('oneOf', 'anyOf'),
      fc.array(value, { minLength: 2, maxLength: 4 }),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      async (branches, keyword, values, stream) => {
        const random = (): number => stream.next().value
        const of = { [keyword]: branches }
        const [byText, byValidator] = await Promise.all([service(of), service(of, false)])
        for (const given of [...values, ...[1, 2, 3, 4, 5, 6].map(() => along(of, random))]) {
          const text = written(given, random)
          expect(await byText(text), `${JSON.stringify(of)}\n${text}`).toBe(await byValidator(text))
        }
      },
    ),
    parameters,
  )
})

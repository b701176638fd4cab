import fc from 'fast-check'
import { expect, it } from 'vitest'
import { along, fixed, schema, service, value, written } from './generated.test-support.ts'
import { Oracle } from './oracle.test-support.ts'

/** What is in `inner` and not in `outer`. */
function beyond(inner: unknown, outer: unknown, path = ''): string[] {
  if (typeof inner !== 'object' || inner === null) return Object.is(inner, outer) ? [] : [path]
  if (typeof outer !== 'object' || outer === null || Array.isArray(inner) !== Array.isArray(outer)) return [path]
  // Where it is unsure which items are declared, more may have been taken out than the oracle would.
  if (Array.isArray(inner) && Array.isArray(outer) && inner.length < outer.length) {
    let next = 0
    return inner.flatMap((one, index) => {
      while (next < outer.length && beyond(one, outer[next]).length > 0) next++
      return next++ < outer.length ? [] : [`${path}/${index}`]
    })
  }
  return Object.entries(inner).flatMap(([key, one]) =>
    Object.hasOwn(outer, key)
      ? beyond(one, (outer as Record<string, unknown>)[key], `${path}/${key}`)
      : [`${path}/${key}`],
  )
}

/** The same schemas every time, unless more are asked for: `LEAK_RUNS=1000 npx vitest run …/leaks.test.ts`. */
const { LEAK_RUNS: asked, LEAK_SEED: seed } = process.env
const parameters =
  asked === undefined
    ? { numRuns: 60, seed: 20_260 }
    : { numRuns: Number(asked), ...(seed === undefined ? {} : { seed: Number(seed) }) }

it('lets nothing out of generated answers that generated schemas do not declare', { timeout: 600_000 }, async () => {
  const seen = { cut: 0, exact: 0, all: 0 }
  await fc.assert(
    fc.asyncProperty(
      schema,
      fc.array(value, { minLength: 2, maxLength: 4 }),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      async (of, values, stream) => {
        const random = (): number => stream.next().value
        const project = await service(of)
        const oracle = new Oracle(fixed)
        for (const given of [...values, ...[1, 2, 3, 4].map(() => along(of, random))]) {
          const text = written(given, random)
          const out = JSON.parse(await project(text)) as unknown
          oracle.wasUnsure = false
          let allowed = oracle.allowed([of], JSON.parse(text))
          oracle.isLenient = oracle.wasUnsure
          if (oracle.isLenient) allowed = oracle.allowed([of], JSON.parse(text))
          oracle.isLenient = false
          seen.all++
          if (JSON.stringify(out) !== JSON.stringify(JSON.parse(text))) seen.cut++
          expect(beyond(out, allowed), `${JSON.stringify(of)}\n${text}`).toEqual([])
          if (oracle.wasUnsure) continue
          seen.exact++
          expect(JSON.stringify(out), `${JSON.stringify(of)}\n${text}`).toBe(JSON.stringify(allowed))
        }
      },
    ),
    parameters,
  )
  // A hunt that meets nothing to cut proves nothing.
  expect(seen.cut).toBeGreaterThan(seen.all / 3)
  expect(seen.exact).toBeGreaterThan(seen.all / 2)
})

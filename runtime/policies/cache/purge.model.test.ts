import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tagMark } from './marks.ts'
import { type Got, rig } from './rig.test-support.ts'

type Step =
  | { readonly step: 'ask'; readonly id: number; readonly method: 'GET' | 'HEAD' }
  /** The upstream answers the request that has waited longest, or the latest. */
  | { readonly step: 'answer'; readonly which: 'first' | 'last' }
  | { readonly step: 'purge'; readonly id: number }
  | { readonly step: 'wait'; readonly seconds: number }

const id = fc.integer({ min: 0, max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ step: fc.constant('ask'), id, method: fc.constantFrom('GET', 'GET', 'HEAD') }) },
  { weight: 4, arbitrary: fc.record({ step: fc.constant('answer'), which: fc.constantFrom('first', 'last') }) },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('purge'), id }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('wait'), seconds: fc.constantFrom(1, 20) }) },
)

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Every request begun after a purge must see what the upstream had at that time, or newer. */
async function run(steps: readonly Step[], maxAge: number): Promise<void> {
  const it = rig({ tags: [['thing:', { query: 'id' }]], staleWhileRevalidate: 60, staleIfError: 60 }, 8 * 1024)
  const versions = [1, 1, 1]
  const waiting: (() => void)[] = []
  it.upstream = (exchange) => {
    // An upstream reads its data when it is asked, and may take its time with the answer.
    const version = versions[Number(exchange.query.slice('id='.length))]
    return new Promise((resolve) => {
      waiting.push(() => resolve({ headers: ['Cache-Control', `max-age=${maxAge}`, 'X-Version', String(version)] }))
    })
  }
  const asked: Promise<{ got: Got; least: number }>[] = []
  for (const one of steps) {
    if (one.step === 'ask') {
      const least = versions[one.id]!
      asked.push(it.ask({ method: one.method, query: `id=${one.id}` }).then((got) => ({ got, least })))
    } else if (one.step === 'answer') {
      ;(one.which === 'first' ? waiting.shift() : waiting.pop())?.()
    } else if (one.step === 'purge') {
      versions[one.id]!++
      await it.store.changed([tagMark(`thing:${one.id}`)])
    } else {
      it.wait(one.seconds)
    }
    await settled()
  }
  let open = asked.length
  for (const answer of asked) void answer.finally(() => open--)
  while (open > 0) {
    waiting.shift()?.()
    await settled()
  }
  for (const { got, least } of await Promise.all(asked)) {
    expect(got.status).toBe(200)
    expect(Number(got.field('X-Version'))).toBeGreaterThanOrEqual(least)
  }
}

test('what a purge took back never comes back, whatever was on its way', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.constantFrom(0, 10, 60), run), {
    numRuns: 300,
  })
})

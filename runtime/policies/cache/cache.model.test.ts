import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Fields, fieldValue } from '../../core/headers.ts'
import { type Asking, type Rig, rig, start } from './rig.test-support.ts'

/** A response as its author means it; the model judges by this and never reads a field. */
interface Meant {
  readonly maxAge: number | undefined
  readonly sMaxAge: number | undefined
  readonly age: number
  readonly noStore: boolean
  readonly noCache: boolean
  readonly isPrivate: boolean
  readonly isPublic: boolean
  readonly mustRevalidate: boolean
  readonly variesByLanguage: boolean
  readonly etag: number | undefined
  readonly status: 200 | 404 | 500
}

interface Wish {
  readonly path: '/a' | '/b'
  readonly query: '' | 'q=1'
  readonly language: 'en' | 'de' | undefined
  readonly consumer: 'ann' | 'bob' | undefined
  readonly hasCookies: boolean
  readonly directive: undefined | 'no-cache' | 'no-store' | 'max-age=5' | 'only-if-cached'
}

type Step =
  | { readonly step: 'ask'; readonly wish: Wish; readonly meant: Meant }
  | { readonly step: 'wait'; readonly seconds: number }
  | { readonly step: 'invalidate'; readonly path: Wish['path'] }

/** What the upstream once answered, for whom, and when it last said so. */
interface Given {
  readonly meant: Meant
  readonly wish: Wish
  readonly isSecured: boolean
  at: number
  /** Seconds of age it had then. */
  age: number
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const rarely = fc.integer({ min: 0, max: 4 }).map((one) => one === 0)

const meant: fc.Arbitrary<Meant> = fc.record({
  maxAge: maybe(fc.integer({ min: 0, max: 30 })),
  sMaxAge: maybe(fc.integer({ min: 0, max: 30 })),
  age: fc.constantFrom(0, 0, 0, 3, 20),
  noStore: rarely,
  noCache: rarely,
  isPrivate: rarely,
  isPublic: fc.boolean(),
  mustRevalidate: rarely,
  variesByLanguage: fc.boolean(),
  etag: maybe(fc.integer({ min: 1, max: 2 })),
  status: fc.constantFrom(200, 200, 200, 404, 500),
})

const wish: fc.Arbitrary<Wish> = fc.record({
  path: fc.constantFrom('/a', '/b'),
  query: fc.constantFrom('', 'q=1'),
  language: fc.constantFrom('en', 'de', undefined),
  consumer: fc.constantFrom('ann', 'bob', undefined),
  hasCookies: rarely,
  directive: fc.constantFrom(undefined, undefined, undefined, 'no-cache', 'no-store', 'max-age=5', 'only-if-cached'),
})

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ step: fc.constant('ask' as const), wish, meant }) },
    {
      weight: 3,
      arbitrary: fc.record({ step: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 20 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ step: fc.constant('invalidate' as const), path: fc.constantFrom('/a', '/b') }),
    },
  ),
  { minLength: 2, maxLength: 40 },
)

function fieldsOf(one: Meant): Fields {
  const words = [
    ...(one.maxAge === undefined ? [] : [`max-age=${one.maxAge}`]),
    ...(one.sMaxAge === undefined ? [] : [`s-maxage=${one.sMaxAge}`]),
    ...(one.noStore ? ['no-store'] : []),
    ...(one.noCache ? ['no-cache'] : []),
    ...(one.isPrivate ? ['private'] : []),
    ...(one.isPublic ? ['public'] : []),
    ...(one.mustRevalidate ? ['must-revalidate'] : []),
  ]
  return [
    ...(words.length === 0 ? [] : ['Cache-Control', words.join(', ')]),
    ...(one.age === 0 ? [] : ['Age', String(one.age)]),
    ...(one.variesByLanguage ? ['Vary', 'Accept-Language'] : []),
    ...(one.etag === undefined ? [] : ['ETag', `"${one.etag}"`]),
  ]
}

function askingOf({ path, query, language, consumer, hasCookies, directive }: Wish): Asking {
  const headers = [
    ...(language === undefined ? [] : ['Accept-Language', language]),
    ...(hasCookies ? ['Cookie', 'a=b'] : []),
    ...(directive === undefined ? [] : ['Cache-Control', directive]),
  ]
  return { path, query, headers, ...(consumer === undefined ? {} : { consumer }) }
}

/** Why RFC 9111 forbids giving this to that request; undefined where it may be given. */
function forbidden(given: Given, asked: Wish, now: number, isValidated: boolean): string | undefined {
  const { meant: one, wish: first } = given
  if (first.path !== asked.path || first.query !== asked.query) return 'another target'
  if (one.noStore || first.directive === 'no-store') return 'no-store'
  if (one.isPrivate) return 'private'
  if (one.variesByLanguage && first.language !== asked.language) return 'another variant'
  const isShareable = one.isPublic || one.sMaxAge !== undefined || one.mustRevalidate
  // Of an anonymous caller nothing is known but that it had no credentials, unless the contract asks for some.
  const isKnown = first.consumer !== undefined || given.isSecured
  if (!isShareable && isKnown && (first.consumer === undefined || first.consumer !== asked.consumer))
    return 'another caller'
  if (!isShareable && first.hasCookies) return 'a session'
  if (isValidated) return undefined
  if (one.noCache) return 'no-cache'
  if (asked.directive === 'no-cache' || asked.directive === 'no-store') return 'the client wants it from the origin'
  const age = given.age + (now - given.at) / 1000
  if (age >= (one.sMaxAge ?? one.maxAge ?? 0)) return 'stale'
  return asked.directive === 'max-age=5' && age > 5 ? 'too old for the client' : undefined
}

async function run(list: readonly Step[], isSecured: boolean): Promise<void> {
  let now = start
  const it: Rig = rig({ authenticated: isSecured, maxBody: 1000 }, 64 * 1024)
  const history: (Given | undefined)[] = []
  for (const one of list) {
    if (one.step === 'wait') {
      now += one.seconds * 1000
      it.wait(one.seconds)
    } else if (one.step === 'invalidate') {
      it.store.invalidate(false, 'api.example', one.path)
      for (let at = 0; at < history.length; at++) if (history[at]?.wish.path === one.path) history[at] = undefined
    } else {
      const validated = await ask(it, history, one, now, isSecured)
      if (validated === undefined) continue
      // §4.3.4: "each of those stored responses with one of the same strong validators is identified for update".
      for (const given of history) {
        const isSame =
          given?.meant.etag === validated.meant.etag && forbidden(given!, one.wish, now, true) === undefined
        if (isSame) Object.assign(given!, { at: now, age: 0 })
      }
    }
  }
}

async function ask(
  it: Rig,
  history: (Given | undefined)[],
  { wish: asked, meant: next }: Extract<Step, { step: 'ask' }>,
  now: number,
  isSecured: boolean,
) {
  const before = it.arrived.length
  let isValidated = false
  it.upstream = ({ headers }) => {
    isValidated = next.etag !== undefined && fieldValue(headers, 'if-none-match') === `"${next.etag}"`
    // A validation says nothing new, so that the model knows what holds.
    if (isValidated) return { status: 304, headers: ['ETag', `"${next.etag}"`], body: null }
    history.push({ meant: next, wish: asked, isSecured, at: now, age: next.age })
    return { status: next.status, headers: fieldsOf(next), body: String(history.length - 1) }
  }
  let got: Awaited<ReturnType<Rig['ask']>>
  try {
    got = await it.ask(askingOf(asked))
  } catch (rejection) {
    expect(rejection).toMatchObject({ kind: 'only-if-cached' })
    expect([asked.directive, it.arrived.length]).toEqual(['only-if-cached', before])
    return undefined
  }
  const given = history[Number(got.body)]
  expect(given, `an answer that was forgotten: ${got.field('cache-status')}`).toBeDefined()
  if (it.arrived.length > before && !isValidated) {
    expect(Number(got.body)).toBe(history.length - 1)
    return undefined
  }
  expect(forbidden(given!, asked, now, isValidated)).toBeUndefined()
  return isValidated ? given : undefined
}

test('nothing is given from the store that RFC 9111 forbids', async () => {
  await fc.assert(
    fc.asyncProperty(steps, (list) => run(list, false)),
    { numRuns: 400 },
  )
})

test('nor where callers are known', async () => {
  await fc.assert(
    fc.asyncProperty(steps, (list) => run(list, true)),
    { numRuns: 400 },
  )
})

test('two consumers never see each other’s answers, unless those may be shared', async () => {
  const visits = fc.array(fc.tuple(fc.constantFrom('ann', 'bob', 'eve'), fc.constantFrom('/a', '/b')), {
    maxLength: 60,
  })
  await fc.assert(
    fc.asyncProperty(
      visits,
      fc.constantFrom('max-age=60', 'max-age=60, no-cache', 'max-age=1'),
      async (list, control) => {
        const it = rig(
          { authenticated: true, mode: 'ttl', ttl: 60, staleWhileRevalidate: 60, staleIfError: 60 },
          8 * 1024,
        )
        it.upstream = async ({ consumer }) => {
          await Promise.resolve()
          return { headers: ['Cache-Control', control, 'ETag', '"same"'], body: consumer!.id }
        }
        const got = await Promise.all(list.map(([consumer, path]) => it.ask({ consumer, path })))
        it.wait(2)
        const later = await Promise.all(list.map(([consumer, path]) => it.ask({ consumer, path })))
        expect([...got, ...later].map(({ body }) => body)).toEqual([...list, ...list].map(([consumer]) => consumer))
      },
    ),
    { numRuns: 100 },
  )
})

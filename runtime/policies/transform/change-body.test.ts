import fc from 'fast-check'
import { expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { changeBody } from './change-body.ts'
import type { MemberChange, MemberChanges } from './options.ts'

const names = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'é"\\', '')
const { changes } = fc.letrec<{ changes: MemberChanges; change: MemberChange }>((tie) => ({
  change: fc.record(
    { keeps: fc.constant(true as const), drops: fc.constant(true as const), as: names, inside: tie('changes') },
    { requiredKeys: [] },
  ),
  changes: fc.record(
    {
      picks: fc.constant(true as const),
      members: fc.dictionary(names, fc.oneof({ maxDepth: 2 }, fc.constant({}), tie('change')), { maxKeys: 3 }),
      set: fc.dictionary(
        names,
        fc.json({ maxDepth: 1 }).map((json) => ({ json })),
        { maxKeys: 2 },
      ),
    },
    { requiredKeys: [] },
  ),
}))

const own = <T>(of: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined

/** The same on values. Two renames to one name are of no interest: who writes them gets both. */
function expected(value: unknown, { picks, members, set }: MemberChanges, isMissing = false): unknown {
  if (Array.isArray(value))
    return value.map((item) =>
      expected(item, { ...(picks && { picks }), ...(members && { members }), ...(set && { set }) }),
    )
  if (typeof value !== 'object' || value === null) return value
  const result = new Map<string, unknown>()
  const given = Object.entries(value)
  const arriving = new Set(given.flatMap(([key]) => own(members, key)?.as ?? []))
  for (const [key, member] of given) {
    const change = own(members, key)
    if (change?.drops === true || (picks === true && change?.keeps !== true)) continue
    if (change?.as === undefined && arriving.has(key)) continue
    result.set(change?.as ?? key, change?.inside === undefined ? member : expected(member, change.inside))
  }
  for (const [key, one] of Object.entries(set ?? {})) result.set(key, JSON.parse((one as { json: string }).json))
  for (const [key, { inside, drops, as }] of Object.entries(members ?? {})) {
    if (inside === undefined || drops === true || (!isMissing && given.some(([name]) => name === key))) continue
    const made = expected({}, inside, true) as object
    if (Object.keys(made).length > 0) result.set(as ?? key, made)
  }
  return Object.fromEntries(result)
}

/** Whether every name of an object is taken by one member only. */
function isPlain({ members = {}, set = {} }: MemberChanges): boolean {
  const taken = [
    ...Object.entries(members).flatMap(([key, { as, inside }]) =>
      as === undefined && inside === undefined ? [] : [as ?? key],
    ),
    ...Object.keys(set),
  ]
  const isFree = Object.entries(members).every(
    ([key, { inside, as }]) => inside === undefined || as === undefined || !Object.hasOwn(members, as) || key === as,
  )
  return (
    isFree &&
    new Set(taken).size === taken.length &&
    Object.values(members).every(({ inside }) => inside === undefined || isPlain(inside))
  )
}

const value = fc.jsonValue({ maxDepth: 4, noUnicodeString: false })
const documents = fc.oneof(
  value,
  fc.dictionary(names, fc.oneof(value, fc.dictionary(names, value, { maxKeys: 3 })), { maxKeys: 5 }),
)

it('does to texts what it would do to values', () => {
  fc.assert(
    fc.property(documents, changes.filter(isPlain), fc.constantFrom(undefined, 1), (document, members, indent) => {
      const bytes = Buffer.from(JSON.stringify(document, undefined, indent))
      const changed = changeBody(bytes, { members }, exchangeOf()).toString()
      expect(JSON.parse(changed)).toEqual(expected(JSON.parse(bytes.toString()), members))
    }),
    { numRuns: 300 },
  )
})

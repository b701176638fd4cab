import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Answer } from '../../core/answer.ts'
import type { Exchange } from '../../core/exchange.ts'
import { Rejection } from '../../core/rejection.ts'
import type { Verdict, Verifier } from '../../core/verifier.ts'
import { type AuthenticateOptions, authenticate, type SchemeUse } from './authenticate.ts'

type Word = 'good' | 'wrong' | 'twice' | 'there' | 'none' | 'unknown'

const words: Readonly<Record<Word, (scheme: string) => Verdict>> = {
  good: (scheme) => ({ outcome: 'verified', consumer: { id: scheme, roles: ['user'], scopes: ['read'], claims: {} } }),
  wrong: () => ({ outcome: 'invalid', reason: 'unknown' }),
  twice: () => ({ outcome: 'invalid', reason: 'ambiguous', malformed: true }),
  there: () => ({ outcome: 'present' }),
  none: () => ({ outcome: 'absent' }),
  unknown: () => {
    throw new Rejection('service-unavailable')
  },
}

function verifier(scheme: string, word: Word, late = false): Verifier & { asked: number } {
  const made = {
    scheme,
    asked: 0,
    verify(): Verdict | Promise<Verdict> {
      made.asked++
      return late ? Promise.resolve().then(() => words[word](scheme)) : words[word](scheme)
    },
    challenge: () => scheme,
    remove(exchange: Exchange) {
      if (word !== 'there') exchange.headers = exchange.headers.filter((name) => name !== scheme)
    },
  }
  return made
}

type Result = { consumer: string | undefined; headers: string[] } | { status: number; challenges: string[] }

async function call(options: AuthenticateOptions, headers: string[] = []): Promise<Result> {
  const exchange = exchangeOf({ headers })
  const policy = authenticate(options)(() => ({ status: 200, headers: [], body: null }) satisfies Answer)
  try {
    await policy(exchange)
    return { consumer: exchange.consumer?.id, headers: exchange.headers }
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    const fields = error.options.headers ?? []
    return { status: error.status, challenges: fields.filter((_, index) => index % 2 === 1) }
  }
}

const admitted = (consumer?: string): Result => ({ consumer, headers: [] })
const refused = (status: number, ...challenges: string[]): Result => ({ status, challenges })

describe('authenticate', () => {
  it.each<[string, string, boolean, Record<string, Word>, Result]>([
    ['one scheme, good', 'a', false, { a: 'good' }, admitted('a')],
    ['one scheme, none', 'a', false, { a: 'none' }, refused(401, 'a')],
    ['one scheme, wrong', 'a', false, { a: 'wrong' }, refused(401, 'a')],
    ['one scheme, twice', 'a', false, { a: 'twice' }, refused(400, 'a')],
    ['one unverified scheme', 'a', false, { a: 'there' }, admitted()],
    ['any: the second', 'a|b', false, { a: 'none', b: 'good' }, admitted('b')],
    ['any: the second, the first wrong', 'a|b', false, { a: 'wrong', b: 'good' }, admitted('b')],
    ['any: none', 'a|b', false, { a: 'none', b: 'none' }, refused(401, 'a', 'b')],
    ['any: the first wrong, the second none', 'a|b', false, { a: 'wrong', b: 'none' }, refused(401, 'a', 'b')],
    ['any: the first wrong, the second unverified', 'a|b', false, { a: 'wrong', b: 'there' }, refused(401, 'a', 'b')],
    ['any: the first unverified, the second wrong', 'a|b', false, { a: 'there', b: 'wrong' }, refused(401, 'a', 'b')],
    ['any: the first unverified, the second good', 'a|b', false, { a: 'there', b: 'good' }, admitted('b')],
    ['all: both', 'a&b', false, { a: 'good', b: 'good' }, admitted('a')],
    ['all: one', 'a&b', false, { a: 'good', b: 'none' }, refused(401, 'a', 'b')],
    ['all: one wrong', 'a&b', false, { a: 'good', b: 'wrong' }, refused(401, 'a', 'b')],
    ['all: one unverified', 'a&b', false, { a: 'there', b: 'good' }, admitted('b')],
    ['all or any', 'a&b|c', false, { a: 'good', b: 'none', c: 'good' }, admitted('c')],
    ['optional: none', 'a', true, { a: 'none' }, admitted()],
    ['optional: good', 'a', true, { a: 'good' }, admitted('a')],
    ['optional: wrong is never nobody', 'a', true, { a: 'wrong' }, refused(401, 'a')],
    ['optional: twice is never nobody', 'a', true, { a: 'twice' }, refused(400, 'a')],
    ['optional: half of all', 'a&b', true, { a: 'none', b: 'wrong' }, refused(401, 'a', 'b')],
    ['nobody can tell', 'a', false, { a: 'unknown' }, refused(503)],
    ['any: nobody can tell the first, the second good', 'a|b', false, { a: 'unknown', b: 'good' }, admitted('b')],
    ['any: nobody can tell the first, the second wrong', 'a|b', false, { a: 'unknown', b: 'wrong' }, refused(503)],
    ['any: nobody can tell the second, the first wrong', 'a|b', false, { a: 'wrong', b: 'unknown' }, refused(503)],
    ['any: nobody can tell, the other too weak', 'a|b:admin', false, { a: 'unknown', b: 'good' }, refused(503)],
    ['all: nobody can tell one, the other good', 'a&b', false, { a: 'unknown', b: 'good' }, refused(503)],
    ['all: nobody can tell one, the other wrong', 'a&b', false, { a: 'unknown', b: 'wrong' }, refused(401, 'a', 'b')],
    ['all: nobody can tell one, the other missing', 'a&b', false, { a: 'unknown', b: 'none' }, refused(401, 'a', 'b')],
    ['optional: nobody can tell is never nobody', 'a', true, { a: 'unknown' }, refused(503)],
    ['optional: half of all, and nobody can tell', 'a&b', true, { a: 'none', b: 'unknown' }, refused(503)],
    ['a role that is held', 'a:user', false, { a: 'good' }, admitted('a')],
    ['a role that is not', 'a:admin', false, { a: 'good' }, refused(403, 'a')],
    ['a role that is not, but another way', 'a:admin|b', false, { a: 'good', b: 'good' }, admitted('b')],
    ['a role that is not is never nobody', 'a:admin', true, { a: 'good' }, refused(403, 'a')],
    ['the same scheme twice, with less', 'a:admin|a:user', false, { a: 'good' }, admitted('a')],
  ])('%s', async (_, text, optional, says, expected) => {
    for (const late of [false, true]) {
      const verifiers = new Map(Object.entries(says).map(([scheme, word]) => [scheme, verifier(scheme, word, late)]))
      const anyOf = text.split('|').map((all) =>
        all.split('&').map((one): Verifier | SchemeUse => {
          const [scheme = '', role] = one.split(':')
          const found = verifiers.get(scheme)!
          return role === undefined ? found : { verifier: found, roles: [role] }
        }),
      )
      expect(await call({ anyOf, optional })).toEqual(expected)
      for (const one of verifiers.values()) expect(one.asked).toBeLessThanOrEqual(1)
    }
  })

  it('asks for scopes of the caller', async () => {
    const a = verifier('a', 'good')
    expect(await call({ anyOf: [[{ verifier: a, scopes: ['read'] }]] })).toEqual(admitted('a'))
    expect(await call({ anyOf: [[{ verifier: a, scopes: ['read', 'write'] }]] })).toEqual(refused(403, 'a'))
  })

  it('removes the credentials of every scheme, whichever let the request in', async () => {
    const anyOf = [[verifier('a', 'good')], [verifier('b', 'none')], [verifier('c', 'there')]]
    expect(await call({ anyOf }, ['a', 'b', 'c', 'd'])).toEqual({ consumer: 'a', headers: ['c', 'd'] })
  })

  it('lets nobody in when a verifier fails', async () => {
    for (const fail of [
      () => Promise.reject(new Error('down')),
      () => {
        throw new Error('down')
      },
    ]) {
      const broken: Verifier = { ...verifier('a', 'none'), verify: fail }
      await expect(call({ anyOf: [[broken], [verifier('b', 'there')]], optional: true })).rejects.toThrow('down')
    }
  })

  it('admits exactly what the boolean of the document admits', async () => {
    const word = fc.constantFrom<Word>('good', 'wrong', 'twice', 'there', 'none')
    const scheme = fc.constantFrom('a', 'b', 'c')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(scheme, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        fc.record({ a: word, b: word, c: word }),
        fc.boolean(),
        fc.boolean(),
        async (requirements, says, optional, late) => {
          const verifiers = { a: verifier('a', says.a, late), b: verifier('b', says.b), c: verifier('c', says.c, late) }
          const anyOf = requirements.map((all) => all.map((name) => verifiers[name as 'a']))
          const result = await call({ anyOf, optional })
          const met = requirements.filter((all) => all.every((name) => ['good', 'there'].includes(says[name as 'a'])))
          const vouched = met.find((all) => all.some((name) => says[name as 'a'] === 'good'))
          const named = new Set(requirements.flat())
          const isWrong = [...named].some((name) => ['wrong', 'twice'].includes(says[name as 'a']))
          if (vouched !== undefined) {
            expect(result).toEqual(admitted(vouched.find((name) => says[name as 'a'] === 'good')))
          } else if (!isWrong && (optional || met.length > 0)) expect(result).toEqual(admitted())
          else expect('status' in result && [400, 401].includes(result.status)).toBe(true)
        },
      ),
    )
  })
})

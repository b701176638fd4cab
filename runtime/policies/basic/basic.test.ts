import { scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import type { Verdict } from '../../core/verifier.ts'
import type { ConsumerDirectory, KnownPassword } from '../../identity/consumers.ts'
import { basic } from './basic.ts'

const salt = Buffer.from('0123456789abcdef')
const consumer = { id: 'ada', roles: [], scopes: [], claims: {} }
const password = (text: string, expiresAt = Number.POSITIVE_INFINITY): KnownPassword => ({
  hash: { ln: 14, r: 8, p: 1, salt, hash: scryptSync(text, salt, 32, { N: 2 ** 14, r: 8, p: 1 }) },
  consumer,
  verdict: { outcome: 'verified', consumer },
  expiresAt,
})
let passwords = new Map<string, KnownPassword[]>([['ada', [password('old', 0), password('s3c:ret')]]])
const consumers: ConsumerDirectory = { byDigest: () => undefined, passwordsOf: (user) => passwords.get(user) ?? [] }
const presented = (value: string) => exchangeOf({ headers: ['Authorization', value] })
const encoded = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`
const reason = (verdict: Verdict): string => (verdict.outcome === 'invalid' ? verdict.reason : verdict.outcome)
const make = () => basic({ scheme: 'login', realm: 'Test', consumers })

describe('basic', () => {
  it.each([
    [encoded('ada:s3c:ret'), 'verified'],
    [encoded('ada:old'), 'expired'],
    [encoded('ada:S3c:ret'), 'unknown'],
    [encoded('ada:'), 'unknown'],
    [encoded(':s3c:ret'), 'unknown'],
    [encoded('__proto__:x'), 'unknown'],
    [encoded('ada'), 'unreadable'],
    [encoded('ada:s3c:ret\0'), 'unreadable'],
    [`${encoded('ada:s3c:ret')}=`, 'unreadable'],
    ['Basic //86Zg==', 'unreadable'],
    [`Basic ${'A'.repeat(2000)}`, 'unreadable'],
    ['Basic', 'unreadable'],
    ['Bearer abc', 'absent'],
    ['Basics abc', 'absent'],
  ])('%s is %s', async (value, expected) => {
    expect(reason(await make().verify(presented(value)))).toBe(expected)
  })

  it('looks once, remembers, and forgets when the file changes', async () => {
    const one = make()
    const look = one.verify(presented(encoded('ada:s3c:ret')))
    expect(one.verify(presented(encoded('ada:s3c:ret')))).toBe(look)
    await look
    expect(one.verify(presented(encoded('ada:s3c:ret')))).toMatchObject({ outcome: 'verified' })
    const before = passwords
    passwords = new Map([['ada', [password('new')]]])
    expect(reason(await one.verify(presented(encoded('ada:s3c:ret'))))).toBe('unknown')
    passwords = before
  })

  it('keeps nobody waiting for ever', async () => {
    const one = make()
    const looks = Array.from({ length: 80 }, async (_, i) => one.verify(presented(encoded(`eve:${i}`))))
    const outcomes = await Promise.allSettled(looks)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(80 - 66)
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { kind: 'service-unavailable' },
    })
  })
})

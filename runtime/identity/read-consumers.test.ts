import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readConsumers } from './read-consumers.ts'

const digest = (key: string): string => createHash('sha256').update(key).digest('hex')
const hex = digest('k')

describe('a consumers file', () => {
  it('gives each key its consumer and its end', () => {
    const { keys, count, problems } = readConsumers(`# with a comment\r
consumers:\r
  acme:\r
    keys:\r
      - { id: key_1, sha256: ${hex}, prefix: sg_live_abcd, created: 2026-01-01, expires: 2027-06-01T00:00:00+02:00 }\r
    roles: [partner]\r
    scopes: [orders.read]\r
    plan: gold\r
    expires: 2027-01-01\r
    metadata: { owner: { name: A }, __proto__: { polluted: true } }\r
  idle:\r
    keys: []\r
`)
    expect(problems).toEqual([])
    expect(count).toBe(2)
    const known = keys.get(digest('k'))
    expect(known?.consumer).toMatchObject({ id: 'acme', roles: ['partner'], scopes: ['orders.read'], plan: 'gold' })
    expect(known?.expiresAt).toBe(Date.UTC(2027, 0, 1))
    expect(known?.consumer.claims['owner']).toEqual({ name: 'A' })
    expect(Object.getPrototypeOf(known?.consumer.claims)).toBeNull()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(keys.get(digest('other'))).toBeUndefined()
  })

  it.each<[string, string]>([
    ['', '1:1: A consumers file is a map with the member "consumers".'],
    ['consumers:\n', '1:11: "consumers" must be a map from ids to consumers ({} for none).'],
    ['consumer: {}\n', '1:11: "consumer" is not known here; known: consumers.'],
    ['consumers: { 12: {} }\n', "1:18: The consumer's id 12 is not text: write it in quotes."],
    ['consumers:\n  a b: {}\n', "2:8: A consumer's id is 1 to 128 printable ASCII characters without spaces."],
    ['consumers:\n  a: x\n', '2:6: Consumer "a" must be a map (with "keys", "roles", "plan" …).'],
    [
      'consumers:\n  a: { rolez: [] }\n',
      '2:15: "rolez" is not known here; known: keys, passwords, certificates, roles, scopes, plan, expires, metadata.',
    ],
    ['consumers:\n  a: { roles: admin }\n', '2:15: "roles" must be a list of names.'],
    [
      'consumers:\n  a: { expires: soon }\n',
      '2:17: "expires" must be a date such as 2027-01-31 or 2027-01-31T12:00:00Z.',
    ],
    [
      'consumers:\n  a: { expires: 2027-02-30 }\n',
      '2:17: "expires" must be a date such as 2027-01-31 or 2027-01-31T12:00:00Z.',
    ],
    ['consumers:\n  a: { keys: {} }\n', '2:14: "keys" must be a list.'],
    [
      'consumers:\n  a: { keys: [{ sha256: secret }] }\n',
      '2:25: "sha256" must be 64 hexadecimal digits (in quotes where all are digits).',
    ],
    [
      `consumers:\n  a: { keys: [{ sha256: ${hex} }] }\n  b: { keys: [{ sha256: ${hex} }] }\n`,
      '3:25: This digest stands twice: one key, one consumer.',
    ],
    [
      `consumers:\n  a: { keys: [{ id: x, sha256: ${hex} }, { id: x, sha256: ${digest('2')} }] }\n`,
      '2:106: The id "x" stands twice.',
    ],
    ['consumers:\n  a: {}\n  a: {}\n', '3:3: Map keys must be unique'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(readConsumers(text).problems).toContain(problem)
  })

  it('is not fooled into building what its aliases multiply', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x]']
    for (let i = 0; i < 9; i++)
      lines.push(`${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`)
    expect(readConsumers(`${lines.join('\n')}\n`).problems[0]).toMatch(/^1:1: Excessive alias count/)
  })

  it('reads many consumers in a time that grows with their number, JSON at once', () => {
    const consumers = Array.from(
      { length: 3_000 },
      (_, i) => [`c${i}`, { keys: [{ sha256: digest(String(i)) }] }] as const,
    )
    const json = JSON.stringify({ consumers: Object.fromEntries(consumers) })
    const yaml = `consumers:\n${consumers.map(([id, { keys }]) => `  ${id}: { keys: [{ sha256: ${keys[0]!.sha256} }] }\n`).join('')}`
    for (const text of [json, yaml]) {
      const { keys, count, problems } = readConsumers(text)
      expect([problems, count, keys.get(digest('2999'))?.consumer.id]).toEqual([[], 3_000, 'c2999'])
    }
  })

  it('says what is wrong with JSON as with YAML', () => {
    expect(readConsumers('{ "consumers": { "a": {}, "a": {} } }').problems).toEqual(['1:27: Map keys must be unique'])
    expect(readConsumers('{ "consumers": {\n "a": { "rolez": [] } } }').problems).toEqual([
      expect.stringMatching(/^2:\d+: "rolez" is not known here/),
    ])
    const many = `consumers:\n${Array.from({ length: 500 }, (_, i) => `  c${i}: { x: 1 }\n`).join('')}`
    expect(readConsumers(many).problems.length).toBe(500)
  })
})

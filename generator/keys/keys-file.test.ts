import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConsumers } from '../../runtime/identity/read-consumers.ts'
import { createKey, expiryOf, listKeys, revokeKey } from './edit-keys.ts'
import { keysFile } from './keys-file.ts'
import type { KeysPlace } from './keys-place.ts'

let folder: string
let file: string
let place: KeysPlace
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
  file = join(folder, 'specs', 'orders.consumers.yaml')
  place = keysFile(file)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const digest = (key: string): string => createHash('sha256').update(key).digest('hex')
const text = (): string => readFileSync(file, 'utf8')

describe('specgate keys', () => {
  it('makes a file the runtime reads, in which the key is not', async () => {
    const { key, id } = await createKey({
      place,
      consumer: 'acme',
      roles: ['partner'],
      scopes: ['a', 'b'],
      plan: 'gold',
      metadata: { org: '7' },
      expires: '2999-01-01',
    })
    expect(text()).not.toContain(key)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { keys, problems } = readConsumers(text())
    expect(problems).toEqual([])
    const known = keys.get(digest(key))
    expect(known?.consumer).toMatchObject({
      id: 'acme',
      roles: ['partner'],
      scopes: ['a', 'b'],
      plan: 'gold',
      claims: { org: '7' },
    })
    expect(known?.expiresAt).toBe(Date.parse('2999-01-01'))
    expect(await listKeys(place)).toMatchObject([
      { id, consumer: 'acme', plan: 'gold', roles: ['partner'], expires: '2999-01-01' },
    ])
  })

  it('adds to what is there, and keeps comments, order and mode', async () => {
    await createKey({ place, consumer: 'acme' })
    const before = `# ours\nconsumers:\n  # the first\n  zeta: { roles: [a] } # stays\n  acme:\n    plan: gold\n    keys: []\n  empty:\n`
    writeFileSync(file, before, { mode: 0o640 })
    rmSync(file)
    writeFileSync(file, before, { mode: 0o640 })
    await createKey({ place, consumer: 'acme', roles: ['x'] })
    await createKey({ place, consumer: 'empty' })
    await createKey({ place, consumer: 'new' })
    expect(text()).toMatch(
      /^# ours\nconsumers:\n {2}# the first\n {2}zeta: .*# stays\n {2}acme:\n {4}plan: gold\n {4}keys:\n {6}- id: key_/,
    )
    expect(readConsumers(text())).toMatchObject({ problems: [], count: 4 })
    expect(statSync(file).mode & 0o777).toBe(0o640)
    expect(readdirSync(join(folder, 'specs'))).toEqual(['orders.consumers.yaml'])
  })

  it('revokes by id, also what was written by hand without one', async () => {
    const { id } = await createKey({ place, consumer: 'acme' })
    const second = await createKey({ place, consumer: 'acme' })
    expect(await revokeKey(place, id)).toEqual({ consumer: 'acme' })
    expect((await listKeys(place)).map((one) => one.id)).toEqual([second.id])
    await expect(revokeKey(place, id)).rejects.toThrow(`has no key "${id}"`)
    const hex = digest('x')
    writeFileSync(file, `consumers: { a: { keys: [{ sha256: ${hex} }] } }\n`)
    await revokeKey(place, `sha256:${hex.slice(0, 12)}`)
    expect(readConsumers(text())).toMatchObject({ problems: [], count: 1 })
    expect(await listKeys(place)).toEqual([])
  })

  it('loses no key when many are made at once', async () => {
    await Promise.all([1, 2, 3, 4].map((n) => createKey({ place, consumer: `c${n}` })))
    expect((await listKeys(place)).map(({ consumer }) => consumer).sort()).toEqual(['c1', 'c2', 'c3', 'c4'])
    expect(readdirSync(join(folder, 'specs'))).toEqual(['orders.consumers.yaml'])
  })

  it('writes through a link and leaves it a link', async () => {
    await createKey({ place, consumer: 'acme' })
    const link = join(folder, 'link.yaml')
    symlinkSync(file, link)
    await createKey({ place: keysFile(link), consumer: 'beta' })
    expect(statSync(file).size).toBe(statSync(link).size)
    expect((await listKeys(place)).map(({ consumer }) => consumer)).toEqual(['acme', 'beta'])
  })

  it.each([
    ['consumers: [', /not valid YAML/],
    ['[]', /not a map/],
    ['consumers: []', /"consumers".*not a map/],
    ['consumers: { acme: [] }', /"acme".*not a map/],
    ['consumers: { acme: { keys: {} } }', /"keys" of the consumer is not a list/],
  ])('leaves alone what it does not understand: %s', async (content, message) => {
    await createKey({ place, consumer: 'x' })
    writeFileSync(file, content)
    await expect(createKey({ place, consumer: 'acme' })).rejects.toThrow(message)
    expect(text()).toBe(content)
  })

  it('says which ends it understands', () => {
    expect(expiryOf('90d', Date.UTC(2026, 0, 1))).toBe('2026-04-01T00:00:00Z')
    expect(expiryOf('12h', Date.UTC(2026, 0, 1))).toBe('2026-01-01T12:00:00Z')
    expect(expiryOf('2027-01-31')).toBe('2027-01-31')
    expect(() => expiryOf('soon')).toThrow('"soon" is no end')
    expect(() => expiryOf('2027-13-31')).toThrow('is no end')
  })

  it('refuses an id the runtime would not read', async () => {
    await expect(createKey({ place, consumer: 'a b' })).rejects.toThrow("consumer's id")
  })
})

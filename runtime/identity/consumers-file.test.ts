import { createHash } from 'node:crypto'
import { mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../core/notice.ts'
import { consumersFile } from './consumers-file.ts'

const digest = (key: string): string => createHash('sha256').update(key).digest('hex')
const yaml = (...keys: string[]): string =>
  `consumers: { acme: { keys: [${keys.map((key) => `{ sha256: ${digest(key)} }`).join(', ')}] } }\n`

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consumers-'))
  path = join(folder, 'c.yaml')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function until(check: () => boolean): Promise<void> {
  for (let i = 0; i < 150 && !check(); i++) await sleep(20)
  expect(check()).toBe(true)
}

describe('a watched consumers file', () => {
  it('is a boot problem where it is missing or wrong, with every reason', async () => {
    await expect(consumersFile({ path }).start?.()).rejects.toThrow(/there is no such file/)
    await writeFile(path, 'consumers: { a: { rolez: [], plan: [] } }')
    await expect(consumersFile({ path }).start?.()).rejects.toThrow(/c\.yaml:1:26: "rolez".*c\.yaml:1:36: "plan"/)
    await expect(consumersFile({ path: folder }).start?.()).rejects.toThrow(/not a file|EISDIR/)
  })

  it('takes over what is replaced by a rename, written in place, or behind a link', async () => {
    const notices: Notice[] = []
    await writeFile(join(folder, 'real.yaml'), yaml('one'))
    await symlink('real.yaml', path)
    const file = consumersFile({ path, notice: (notice) => notices.push(notice), pollMs: 60_000 })
    await file.start?.()
    expect(file.byDigest(digest('one'))?.consumer.id).toBe('acme')
    await writeFile(join(folder, 'next.yaml'), yaml('two'))
    await rename(join(folder, 'next.yaml'), join(folder, 'real.yaml'))
    await until(() => file.byDigest(digest('two')) !== undefined)
    expect(file.byDigest(digest('one'))).toBeUndefined()
    await writeFile(join(folder, 'real.yaml'), yaml())
    await until(() => file.byDigest(digest('two')) === undefined)
    expect(notices.map(({ level }) => level)).toEqual(['info', 'info'])
    await file.close?.()
  })

  it('keeps what it knows, and says so once, where the new file is broken or gone', async () => {
    const notices: Notice[] = []
    await writeFile(path, yaml('one'))
    const file = consumersFile({ path, notice: (notice) => notices.push(notice), pollMs: 30 })
    await file.start?.()
    await writeFile(path, 'consumers: [')
    await until(() => notices.length === 1)
    await unlink(path)
    await until(() => notices.length === 2)
    await sleep(100)
    expect(notices.map(({ level }) => level)).toEqual(['error', 'error'])
    expect(notices[1]?.message).toMatch(/there is no such file/)
    expect(file.byDigest(digest('one'))).toBeDefined()
    expect(file.byDigest(digest('two'))).toBeUndefined()
    await writeFile(path, yaml('two'))
    await until(() => file.byDigest(digest('two')) !== undefined)
    await file.close?.()
  })
})

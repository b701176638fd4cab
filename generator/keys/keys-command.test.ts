import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommanderError } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isPassword } from '../../runtime/identity/password-hash.ts'
import { readConsumers } from '../../runtime/identity/read-consumers.ts'
import { isKey } from './api-key.ts'
import { keysCommand } from './keys-command.ts'
import { keysFile } from './keys-file.ts'
import { importKeys } from './other-keys.ts'

let folder: string
let file: string
const printed: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
  file = join(folder, 'c.yaml')
  printed.length = 0
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text))
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

async function run(...args: string[]): Promise<string> {
  const command = keysCommand()
  for (const one of [command, ...command.commands]) one.exitOverride().configureOutput({ writeErr: () => {} })
  await command.parseAsync(args, { from: 'user' })
  return printed.splice(0).join('\n')
}

describe('specgate keys', () => {
  it('prints the key alone, lists it without it, and takes it back', async () => {
    const key = await run('create', 'acme', '--role', 'a', 'b', '--plan', 'gold', '--file', file)
    expect(isKey(key)).toBe(true)
    const list = await run('list', '--file', file)
    expect(list).toMatch(
      /^ID +CONSUMER +BEGINS WITH +PLAN +ROLES +CREATED +EXPIRES\nkey_\w{8} +acme +sg_live_\w{4} +gold +a b +\S+Z +never$/,
    )
    expect(list).not.toContain(key)
    const [{ id }] = JSON.parse(await run('list', '--json', '--file', file)) as [{ id: string }]
    await run('revoke', id, '--file', file)
    expect(await run('list', '--file', file)).toBe('No keys.')
    expect(JSON.parse(await run('create', 'acme', '--json', '--file', file))).toMatchObject({ consumer: 'acme' })
  })

  it('gives a key a successor, and itself an end', async () => {
    await run('create', 'acme', '--file', file)
    const [{ id }] = JSON.parse(await run('list', '--json', '--file', file)) as [{ id: string }]
    const key = await run('rotate', id, '--overlap', '12h', '--file', file)
    expect(isKey(key)).toBe(true)
    const listed = JSON.parse(await run('list', '--json', '--file', file)) as { id: string; expires?: string }[]
    const end = Date.parse(listed.find((one) => one.id === id)?.expires ?? '')
    expect(Math.abs(end - Date.now() - 12 * 3_600_000)).toBeLessThan(60_000)
    expect(listed.filter(({ expires }) => expires === undefined)).toHaveLength(1)
    const { keys, problems } = readConsumers(readFileSync(file, 'utf8'))
    expect(problems).toEqual([])
    expect(keys.get(createHash('sha256').update(key).digest('hex'))?.consumer.id).toBe('acme')
  })

  it('makes passwords that the runtime takes', async () => {
    const password = await run('password', 'ada', '--file', file)
    const { passwords, problems } = readConsumers(readFileSync(file, 'utf8'))
    expect(problems).toEqual([])
    const [known] = passwords.get('ada') ?? []
    expect(await isPassword(password, known!.hash)).toBe(true)
    expect(await isPassword(`${password}x`, known!.hash)).toBe(false)
    const [{ id }] = JSON.parse(await run('list', '--json', '--file', file)) as [{ id: string }]
    await run('revoke', id, '--file', file)
    expect(await run('list', '--file', file)).toBe('No keys.')
  })

  it('takes keys made elsewhere', async () => {
    const key = 'a-key-that-was-made-elsewhere'
    expect(await importKeys(keysFile(file), ['# old', `acme ${key}`, ''])).toBe(1)
    const { keys, problems } = readConsumers(readFileSync(file, 'utf8'))
    expect(problems).toEqual([])
    expect(keys.get(createHash('sha256').update(key).digest('hex'))?.consumer.id).toBe('acme')
    await expect(importKeys(keysFile(file), [`other ${key}`])).rejects.toThrow('already')
    await expect(importKeys(keysFile(file), ['acme short'])).rejects.toThrow('guessed')
    await expect(importKeys(keysFile(file), ['acme'])).rejects.toThrow('Line 1')
  })

  it.each([
    [['revoke', 'nope'], /has no key "nope"/],
    [['create', 'acme', '--expires', 'soon'], /"soon" is no end/],
  ])('ends %j with one sentence and exit code 2', async (args, message) => {
    await run('create', 'x', '--file', file)
    const failure = await run(...args, '--file', file).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(CommanderError)
    expect(failure).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) as string })
  })
})

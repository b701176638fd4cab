import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { leftovers, removeFiles, staleFiles, writeFiles } from './write.ts'

const folder = mkdtempSync(join(tmpdir(), 'specgate-write-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const files = new Map([
  ['service.ts', 'a'],
  ['operations/x.ts', 'b'],
  ...Array.from({ length: 50 }, (_, i): [string, string] => [`operations/n${i}.ts`, String(i)]),
])

test('what changed is written, what did not is left alone', async () => {
  expect(await writeFiles(folder, files)).toEqual([...files.keys()])
  const untouched = join(folder, 'operations', 'n7.ts')
  utimesSync(untouched, 1, 1)
  expect(await writeFiles(folder, new Map([...files, ['operations/x.ts', 'c']]))).toEqual(['operations/x.ts'])
  expect(readFileSync(join(folder, 'operations', 'x.ts'), 'utf8')).toBe('c')
  expect(statSync(untouched).mtimeMs).toBe(1000)
})

test('what is no longer emitted is found in the folders that are ours alone', async () => {
  mkdirSync(join(folder, 'operations'), { recursive: true })
  for (const name of ['notes.md', 'operations/old.ts', 'operations/x.ts']) writeFileSync(join(folder, name), '')
  expect(await leftovers(folder, new Set(files.keys()))).toEqual(['operations/old.ts'])
  await removeFiles(folder, ['operations/old.ts'])
  expect(readdirSync(join(folder, 'operations'))).toEqual(['x.ts'])
})

test('a missing file is stale', async () => {
  expect(await staleFiles(join(folder, 'nowhere'), new Map([['a.ts', '']]))).toEqual(['a.ts'])
})

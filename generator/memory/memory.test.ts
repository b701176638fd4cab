import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CompileResult } from '../index.ts'
import { Sources } from '../report/sources.ts'
import { Memory } from './memory.ts'

let root: string
let memory: Memory
const asked = (): { root: string; document: string; out: string } => ({ root, document: 'a.yaml', out: 'generated' })

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'specgate-memory-'))
  memory = new Memory(join(root, 'cache'), 'this compiler')
  mkdirSync(join(root, 'generated', 'a', 'operations'), { recursive: true })
  put('a.yaml', 'openapi: 3.1.0')
  put('generated/a/service.ts', 'serve()')
  memory.remember(asked(), result())
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(file: string, text: string): void {
  writeFileSync(join(root, file), text)
}

function result(more: string[] = []): CompileResult {
  const sources = new Sources()
  sources.add('a.yaml', 'openapi: 3.1.0')
  for (const file of more) sources.add(file, '')
  return {
    name: 'a',
    folder: join(root, 'generated', 'a'),
    diagnostics: [{ code: 'x', severity: 'warning', message: 'm', place: { file: 'a.yaml', pointer: '' } }],
    files: sources.files,
    absent: [join(root, 'a.overlay.yaml')],
    sources,
    service: { operations: 3, touched: ['service.ts'] },
  }
}

test('what has not changed is recalled, findings included', () => {
  const known = memory.recall(asked())
  expect(known?.service).toEqual({ operations: 3, touched: [] })
  expect(known?.diagnostics).toHaveLength(1)
  expect(known?.sources?.text('a.yaml')).toBe('openapi: 3.1.0')
})

test.each<[string, () => void]>([
  ['an input that changed', () => put('a.yaml', 'openapi: 3.1.1')],
  ['an input that went', () => rmSync(join(root, 'a.yaml'))],
  ['an overlay that appeared', () => put('a.overlay.yaml', '')],
  ['an output that changed', () => put('generated/a/service.ts', 'other()')],
  ['an output that went', () => rmSync(join(root, 'generated/a/service.ts'))],
  ['a file nobody emitted', () => put('generated/a/operations/old.ts', '')],
])('not after %s', (_, change) => {
  change()
  expect(memory.recall(asked())).toBeUndefined()
})

test('not by another compiler, nor for another folder or with another option', () => {
  expect(new Memory(join(root, 'cache'), 'another').recall(asked())).toBeUndefined()
  expect(memory.recall({ ...asked(), out: 'elsewhere' })).toBeUndefined()
  expect(memory.recall({ ...asked(), lenient: true })).toBeUndefined()
})

test('hooks are not remembered: what they import is bundled too', () => {
  put('a.hooks.ts', '')
  memory.remember({ ...asked(), out: 'b' }, result(['a.hooks.ts']))
  expect(memory.recall({ ...asked(), out: 'b' })).toBeUndefined()
})

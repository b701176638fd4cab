import { expect, it } from 'vitest'
import { balance } from './balance.ts'
import { Target } from './target.ts'
import { wireTo } from './wire.ts'

const target = (weight = 1, backup = false) =>
  new Target(new URL('http://127.0.0.1:1'), {
    weight,
    backup,
    max: 1,
    keepAlive: 1_000,
    wire: wireTo('http://h', undefined, undefined),
  })
const take = (choose: () => Target | undefined, count: number, targets: readonly Target[]) =>
  Array.from({ length: count }, () => targets.indexOf(choose()!)).join('')

it('gives turns by weight, evenly spread', () => {
  const targets = [target(3), target(1)]
  expect(take(balance(targets), 8, targets)).toBe('00100010')
})

it('leaves a target alone that cannot be connected to, and uses backups only then', () => {
  const targets = [target(), target(1, true)]
  const choose = balance(targets)
  expect(take(choose, 3, targets)).toBe('000')
  for (let i = 0; i < 5; i++) targets[0]!.failedToConnect()
  expect(take(choose, 3, targets)).toBe('111')
  targets[0]!.connected()
  expect(take(choose, 2, targets)).toBe('00')
})

it('never leaves more than half of the targets alone, and a single one never', () => {
  const three = [target(), target(), target()]
  const choose = balance(three)
  for (const one of three) for (let i = 0; i < 9; i++) one.failedToConnect()
  expect(take(choose, 4, three)).toBe('1212')
  const single = [target()]
  const only = balance(single)
  for (let i = 0; i < 9; i++) single[0]!.failedToConnect()
  expect(only()).toBe(single[0])
})

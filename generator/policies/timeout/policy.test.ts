import { expect, it } from 'vitest'
import type { Scope } from '../define.ts'
import policy from './policy.ts'

it('turns durations into milliseconds and fills in what is not written', () => {
  if (policy.instance !== 'shared') throw new Error('shared')
  expect(policy.lower({ connect: '250ms', total: '0s' }, {} as Scope)).toEqual([
    { connect: 250, firstByte: 15_000, idle: 30_000, total: 0 },
  ])
})

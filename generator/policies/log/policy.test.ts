import { expect, it } from 'vitest'
import type { Scope } from '../define.ts'
import policy from './policy.ts'

it('turns the share into a number and fills in what is not written', () => {
  if (policy.instance !== 'shared') throw new Error('shared')
  expect(policy.lower({ sample: '10%', redact: { query: ['email'] } }, {} as Scope)).toEqual([
    { access: 'json', sample: 0.1, redact: { headers: [], query: ['email'] } },
  ])
})

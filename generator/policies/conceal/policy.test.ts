import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import type { CallPlan } from '../../model/service-plan.ts'
import policy from './policy.ts'

function concealed(parameters: readonly object[], components = {}): unknown {
  const get = { responses: {}, parameters }
  const { plan } = planOf({ paths: { '/x/{id}': { get } }, components: { schemas: components } }, [policy])
  const call = plan.operations[0]!.policies[0]?.value as CallPlan | undefined
  return call?.args[0]
}

const id = (schema: object) => ({ name: 'id', in: 'path', required: true, style: 'simple', schema })
const query = (name: string, schema: object, more = {}) => ({ name, in: 'query', schema, ...more })

describe('what is kept out of the log', () => {
  it('is nothing where nothing is sensitive', () => {
    expect(concealed([id({ type: 'string' }), query('q', { type: 'string' })])).toBeUndefined()
  })

  it('is what is called so, or is a password', () => {
    const found = concealed(
      [
        id({ type: 'string', 'x-proxy': { sensitive: 'mask' } }),
        query('pin', { type: 'string', format: 'password' }),
        query('mail', { type: 'array', items: { $ref: '#/components/schemas/Mail' } }),
      ],
      { Mail: { type: 'string', 'x-proxy': { sensitive: 'drop' } } },
    )
    expect(found).toEqual({ path: { id: 'mask' }, query: { pin: 'mask', mail: 'drop' } })
  })

  it('is a structure with all its names, also one that is within itself', () => {
    const Node = {
      type: 'object',
      properties: { next: { $ref: '#/components/schemas/Node' }, pin: { type: 'string', writeOnly: true } },
    }
    const schema = { $ref: '#/components/schemas/Node' }
    expect(concealed([query('a', schema, { style: 'deepObject' }), query('b', schema)], { Node })).toEqual({
      query: { 'a[*]': 'mask', b: 'mask', next: 'mask', pin: 'mask' },
    })
  })
})

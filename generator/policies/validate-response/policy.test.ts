import { describe, expect, it } from 'vitest'
import { planOf } from '../../../test/support/plan-of.ts'
import { CallPlan, Reference } from '../../model/service-plan.ts'
import policy from './policy.ts'

function lowered(responses: object, validate?: object): unknown {
  const operation = { operationId: 'a', responses, ...(validate === undefined ? {} : { 'x-proxy': { validate } }) }
  const { plan } = planOf({ paths: { '/a': { get: operation } } }, [policy])
  const call = plan.operations[0]!.policies[0]?.value
  return call instanceof CallPlan ? shown(call.args[0]) : undefined
}

function shown(value: unknown): unknown {
  if (value instanceof Reference) return `→${value.name}`
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shown(member)]))
}

const ok = { description: 'ok' }

describe('validateResponse', () => {
  it('says what each status declares', () => {
    const schema = { type: 'object', required: ['id'] }
    expect(
      lowered({
        200: { ...ok, content: { 'application/json': { schema }, 'text/csv': { schema: { type: 'string' } } } },
        '2XX': ok,
        default: { ...ok, content: { '*/*': { schema } } },
      }),
    ).toEqual({
      responses: {
        200: { content: { 'application/json': { schema: '→a200Response' }, 'text/csv': {} } },
        '2XX': {},
        default: { content: { '*/*': {}, 'application/json': { schema: '→a200Response' } } },
      },
    })
  })

  it('judges header fields where there is something to judge', () => {
    const headers = {
      'X-Any': { schema: { type: 'string' } },
      'X-Count': { required: true, schema: { type: 'integer' } },
      'X-List': { schema: { type: 'array', items: { type: 'string', minLength: 2 } } },
    }
    expect(lowered({ 200: { ...ok, headers } })).toEqual({
      responses: {
        200: {
          headers: [
            { name: 'X-Count', required: true, decode: '→integer' },
            { name: 'X-List', decode: { items: '→string' }, schema: '→a200XListHeader' },
          ],
        },
      },
    })
  })

  it('hands on what is not the default', () => {
    expect(lowered({ 200: ok }, { response: 'enforce', undeclaredStatus: 'block' })).toEqual({
      responses: { 200: {} },
      mode: 'enforce',
      undeclaredStatus: 'block',
    })
    expect(lowered({ 200: ok }, { response: 'off' })).toBeUndefined()
  })
})

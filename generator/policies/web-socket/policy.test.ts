import { describe, expect, it } from 'vitest'
import type { OperationScope } from '../define.ts'
import policy from './policy.ts'

function lowered(contract: object, options = {}) {
  const problems: string[] = []
  if (policy.instance !== 'operation') throw new Error('operation')
  const scope = {
    contract: { method: 'GET', requestBody: undefined, responses: [{ status: '101' }], ...contract },
    report: (_code: string, _where: unknown, gaps: { problem: string }) => problems.push(gaps.problem),
  } as unknown as OperationScope
  return { args: policy.lower(options, scope), problems }
}

describe('websocket', () => {
  it('serves plain requests too where the contract has an answer for them', () => {
    expect(lowered({}).args).toEqual([{ idle: 300_000 }])
    expect(lowered({ responses: [{ status: '2XX' }] }, { idle: '10s' }).args).toEqual([{ idle: 10_000, plain: true }])
  })

  it('is refused where no WebSocket can be opened', () => {
    expect(lowered({ method: 'POST' }).problems).toEqual([expect.stringContaining('opened by GET')])
    expect(lowered({ requestBody: { required: true } }).problems).toEqual([expect.stringContaining('has none')])
  })
})

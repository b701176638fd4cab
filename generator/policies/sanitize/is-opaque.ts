import type { MediaContract } from '../../model/contract.ts'
import { restrictionsOf } from '../restrictions.ts'
import { typesOf } from '../schema-types.ts'

/** Whether a body that is no JSON cannot go out: it has members that would have to be looked at, and cannot be. */
export function isOpaque({ schema, itemSchema }: MediaContract, undeclared: 'pass' | 'strip' | 'block'): boolean {
  if (undeclared === 'pass') {
    return [schema, itemSchema].map(restrictionsOf).some(({ hides, byRole }) => hides || byRole)
  }
  const types = typesOf(schema)
  return types?.has('object') === true || types?.has('array') === true || itemSchema !== undefined
}

import { bindParameter, type Parameter } from '../../validation/parameter.ts'
import { percentDecode } from '../../validation/percent.ts'
import type { PartChecker, Rules } from './validate-request.ts'

/** Path parameters, in the order of the template's variables. */
export function pathChecker(parameters: readonly Parameter[] | undefined, rules: Rules): PartChecker | undefined {
  if (parameters === undefined || parameters.length === 0) return undefined
  const bound = parameters.map((parameter) => bindParameter(parameter, 'path', percentDecode))
  return ({ pathValues }, faults) => {
    for (let i = 0; i < bound.length; i++) bound[i]!.check(pathValues[i], faults, rules.details, rules.room)
  }
}

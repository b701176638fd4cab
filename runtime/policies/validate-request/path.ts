import type { Fault } from '../../core/problem.ts'
import { type BoundParameter, bindParameter, type Parameter } from '../../validation/parameter.ts'
import { percentDecode } from '../../validation/percent.ts'
import type { PartChecker, Rules } from './validate-request.ts'

/** Path parameters, in the order of the template's variables. */
export interface PathOptions {
  readonly path?: readonly Parameter[]
  /** Which of them follow the one before without a separator: `{name}{suffix}`. */
  readonly adjacent?: readonly number[]
}

export function pathChecker({ path, adjacent = [] }: PathOptions, rules: Rules): PartChecker | undefined {
  if (path === undefined || path.length === 0) return undefined
  const bound = path.map((parameter) => bindParameter(parameter, 'path', percentDecode))
  const checkAll = (values: readonly string[], faults: Fault[]): void => {
    for (let i = 0; i < bound.length; i++) bound[i]!.check(values[i], faults, rules.details, rules.room)
  }
  if (adjacent.length === 0) return ({ pathValues }, faults) => checkAll(pathValues, faults)
  return ({ pathValues }, faults) => {
    checkAll(
      adjacent.reduce((values, second) => divided(values, second, bound, rules), pathValues),
      faults,
    )
  }
}

/** Longer texts are left as the router divided them. */
const longest = 256

/** Where one variable ends and the next begins is told by what both allow: the first division that suits them. */
function divided(
  values: readonly string[],
  second: number,
  bound: readonly BoundParameter[],
  { details }: Rules,
): readonly string[] {
  const text = (values[second - 1] ?? '') + (values[second] ?? '')
  if (text.length > longest) return values
  for (let at = 1; at < text.length; at++) {
    const faults: Fault[] = []
    bound[second - 1]!.check(text.slice(0, at), faults, details, 1)
    bound[second]!.check(text.slice(at), faults, details, 1)
    if (faults.length === 0) return values.with(second - 1, text.slice(0, at)).with(second, text.slice(at))
  }
  return values
}

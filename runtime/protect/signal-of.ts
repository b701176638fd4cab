import type { ProblemKind } from '../core/problem.ts'
import type { Signal } from './suspension.ts'

const signals: { readonly [K in ProblemKind]?: Signal } = {
  unauthorized: 'auth-failure',
  forbidden: 'auth-failure',
  'bad-request': 'validation-failure',
  'invalid-request': 'validation-failure',
  'unsupported-media-type': 'validation-failure',
  'not-found': 'not-found',
  'quota-exceeded': 'rate-limited',
  'content-too-large': 'oversize',
  'uri-too-long': 'oversize',
  'fields-too-large': 'oversize',
}

/** What a problem says of who caused it. Outside of operations `forbidden` is what the lists say, inside `not-found` is no path. */
export function signalOf(problem: ProblemKind, isRouted: boolean): Signal | undefined {
  const signal = signals[problem]
  if (signal === 'not-found') return isRouted ? undefined : signal
  return problem === 'forbidden' && !isRouted ? undefined : signal
}

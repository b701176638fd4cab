import type { Stand } from '../../../runtime/policies/conceal/conceal.ts'
import type { SpecNode } from '../../model/spec-node.ts'

const strongest: readonly Stand[] = ['drop', 'mask', 'hash']

/**
 * What stands for a value of this schema in a log; undefined: the value itself. Where only a part of it is sensitive all of it is, since
 * a log shows parameters whole.
 */
export function standOf(schema: SpecNode | undefined): Stand | undefined {
  const found = new Set<Stand>()
  collect(schema, found, new Set())
  return strongest.find((stand) => found.has(stand))
}

const nested = ['items', 'additionalProperties', 'contains', 'not', 'if', 'then', 'else', 'unevaluatedItems'] as const
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const

function collect(given: SpecNode | undefined, found: Set<Stand>, seen: Set<unknown>): void {
  const schema = given?.resolve()
  if (schema === undefined || seen.has(schema.value)) return
  seen.add(schema.value)
  for (const one of given === schema ? [schema] : [given!, schema]) {
    const written = one.at('x-proxy')?.at('sensitive')?.string
    if (written === 'mask' || written === 'hash' || written === 'drop') found.add(written)
    if (one.at('format')?.string === 'password' || one.at('writeOnly')?.boolean === true) found.add('mask')
  }
  for (const keyword of nested) collect(schema.at(keyword), found, seen)
  for (const keyword of lists) for (const one of schema.at(keyword)?.items() ?? []) collect(one, found, seen)
  for (const [, one] of schema.at('properties')?.entries() ?? []) collect(one, found, seen)
}

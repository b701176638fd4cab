import type { JsonObject } from '../../model/json.ts'
import { type VocabularyLevel, vocabulary } from '../../model/vocabulary.ts'
import type { AnyPolicy } from '../../policies/define.ts'

/** One key of `x-proxy` at the levels where it has this schema. */
export interface KnownKey {
  readonly key: string
  readonly levels: readonly VocabularyLevel[]
  /** Of the value, or of one named member where `each`. */
  readonly options: JsonObject
  readonly each: boolean
  /** A policy can be switched off, and may have an option called `enabled` for that. */
  readonly policy: boolean
}

/** Every key that means something: the compiler's own and the policies', those of one key put together. */
export function knownKeys(policies: readonly AnyPolicy[]): KnownKey[] {
  const known: KnownKey[] = vocabulary.map((entry) => ({ ...entry, each: false, policy: false }))
  const shared = Map.groupBy(
    policies.filter((policy) => policy.options !== null),
    (policy) => policy.key ?? policy.name,
  )
  for (const [key, group] of shared) {
    known.push({
      key,
      levels: [...new Set(group.flatMap((policy) => policy.levels))],
      options: together(group.map((policy) => policy.options!)),
      each: group.some((policy) => policy.each === true),
      policy: true,
    })
  }
  return known
}

/** One schema for policies that share a key: each takes its own properties out of the same object. */
function together(schemas: readonly JsonObject[]): JsonObject {
  const [only] = schemas
  if (schemas.length === 1 && only !== undefined) return only
  const all = (key: string) => Object.assign({}, ...schemas.map((schema) => schema[key] ?? {})) as JsonObject
  const required = schemas.flatMap((schema) => (schema['required'] as readonly string[] | undefined) ?? [])
  return {
    ...all('$defs'),
    type: 'object',
    properties: all('properties'),
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
  }
}

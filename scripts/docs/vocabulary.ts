import type { JsonObject } from '../../generator/model/json.ts'
import { type VocabularyLevel, vocabulary } from '../../generator/model/vocabulary.ts'
import type { AnyPolicy } from '../../generator/policies/define.ts'
import { policies } from '../../generator/policies/index.ts'

/** One key of `x-proxy`, whoever brings it. */
export interface KeyEntry {
  readonly key: string
  readonly levels: readonly VocabularyLevel[]
  /** JSON Schema of the value, or of each named member. */
  readonly options: JsonObject
  readonly each: boolean
  /** A policy's key may be `false`, and `enabled: false` in it. */
  readonly isPolicy: boolean
  readonly summaries: readonly string[]
}

/** Every key at every level, policies that share a key put together. */
export function allKeys(): KeyEntry[] {
  const entries: KeyEntry[] = vocabulary.map(({ key, levels, options, summary }) => ({
    key,
    levels,
    options,
    each: false,
    isPolicy: false,
    summaries: [summary],
  }))
  const withKey = policies.filter((policy) => policy.options !== null)
  for (const [key, group] of Map.groupBy(withKey, keyOf)) {
    entries.push({
      key,
      levels: [...new Set(group.flatMap(({ levels }) => levels))],
      options: together(group.map(({ options }) => options!)),
      each: group.some(({ each }) => each === true),
      isPolicy: true,
      summaries: group.map(({ summary }) => summary),
    })
  }
  return entries
}

export function keyOf(policy: AnyPolicy): string {
  return policy.key ?? policy.name
}

export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function together(schemas: readonly JsonObject[]): JsonObject {
  if (schemas.length === 1) return schemas[0]!
  const properties = Object.assign({}, ...schemas.map((schema) => schema['properties'] ?? {})) as JsonObject
  return { type: 'object', properties, additionalProperties: false }
}

import { isObject, type JsonObject } from '../model/json.ts'
import type { SpecNode } from '../model/spec-node.ts'

/**
 * Whether `xmlToJson` writes integers of this schema as text (`int64: string`), so that its answers do not meet the schema as
 * the document has it.
 * @param converted the options of `xmlToJson`; undefined where it is off
 */
export function isWrittenAsText(schema: SpecNode | undefined, converted: JsonObject | undefined): boolean {
  if (schema === undefined || converted?.['int64'] !== 'string') return false
  const seen = new Set<unknown>()
  const pending: unknown[] = [schema.value]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (isObject(value)) {
      const { $ref, type, format } = value
      if ([type].flat().includes('integer') && (format === 'int64' || format === 'uint64')) return true
      if (typeof $ref === 'string') pending.push(schema.tree.target($ref)?.value)
    }
    pending.push(...Object.values(value))
  }
  return false
}

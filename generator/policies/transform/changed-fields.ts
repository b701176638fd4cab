import type { Json, JsonObject } from '../../model/json.ts'
import { withFields, withoutFields } from '../publication.ts'
import type { PairOptions } from './options.ts'

/** A response with the header fields that callers see: in the order of the transformation, and by names in any case. */
export function withChangedFields(response: JsonObject, changes: PairOptions | undefined): JsonObject {
  if (changes === undefined) return response
  const { rename = {}, remove = [], set = {}, add = {} } = changes
  const declared = Object.entries((response['headers'] ?? {}) as JsonObject)
  const renamed = Object.entries(rename).flatMap(([from, to]): [string, Json][] => {
    const found = declared.find(([name]) => name.toLowerCase() === from.toLowerCase())
    return found === undefined ? [] : [[to, found[1]]]
  })
  const gone = new Set([...Object.keys(rename), ...remove].map((name) => name.toLowerCase()))
  // What they hold is for callers to see, not for the contract to tell.
  const made = Object.keys({ ...add, ...set }).filter((name) => name.toLowerCase() !== 'content-type')
  const kept = withFields(
    withoutFields(response, (name) => gone.has(name)),
    Object.fromEntries(renamed),
  )
  return withFields(kept, Object.fromEntries(made.map((name) => [name, { schema: { type: 'string' } }])))
}

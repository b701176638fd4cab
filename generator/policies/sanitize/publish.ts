import type { MediaContract } from '../../model/contract.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { isJson, mediaKey, rangeHoldsJson } from '../media-types.ts'
import { type Publication, type PublishScope, type SchemaChange, withoutFields } from '../publication.ts'
import { restrictionsOf } from '../restrictions.ts'
import { isOpaque } from './is-opaque.ts'

export const removedByDefault = ['Server', 'X-Powered-By'] as const

interface Options {
  readonly undeclared?: 'pass' | 'strip' | 'block'
  readonly headers?: { readonly remove?: readonly string[] }
  readonly hide5xx?: boolean
}

/** Callers see no fields that are taken out, no failure of the upstream's own, no media types that cannot be looked at. */
export function publishSanitized(options: Options, { contract, isAsked }: PublishScope): Publication {
  const { undeclared = 'pass', headers = {}, hide5xx = true } = options
  const isWritten = isAsked('sanitize')
  const isHiding = isWritten && hide5xx
  const removed = new Set((headers.remove ?? (isWritten ? removedByDefault : [])).map((name) => name.toLowerCase()))
  return {
    // Most documents know no roles.
    ...(restrictionsOf(contract.node.tree.root).byRole ? { schema: seenByAll } : {}),
    problems: (status) => (isHiding && status.startsWith('5') ? 'only' : undefined),
    answer: (answer, status) => (isHiding || status !== '5XX' ? answer : undefined),
    response(response, status) {
      const declared = contract.responses.find((one) => one.status === status)?.content ?? []
      const opaque = declared.filter((media) => !isJson(media.mediaType) && isOpaque(media, undeclared))
      return withoutFields(withoutMedia(response, opaque), (name) => removed.has(name))
    },
  }
}

/** What a range holds of JSON can be looked at: that much of it is shown. */
function withoutMedia(response: JsonObject, opaque: readonly MediaContract[]): JsonObject {
  const { content, ...rest } = response as { content?: Json }
  if (opaque.length === 0 || !isObject(content)) return response
  const gone = new Map(opaque.map((media) => [mediaKey(media), media.mediaType]))
  const kept = Object.entries(content as JsonObject).flatMap(([type, media]): [string, Json][] => {
    const mediaType = gone.get(type.toLowerCase().replace(/\s*;\s*/g, ';'))
    if (mediaType === undefined) return [[type, media]]
    return rangeHoldsJson(mediaType) && !Object.hasOwn(content, 'application/json') ? [['application/json', media]] : []
  })
  return kept.length === 0 ? rest : { ...rest, content: Object.fromEntries(kept) }
}

/** A member that not everybody may see cannot be promised to everybody. */
const seenByAll: SchemaChange = {
  name: 'visibleTo',
  change(schema, resolve) {
    const { required, properties } = schema as { required?: Json; properties?: Json }
    if (!Array.isArray(required) || !isObject(properties)) return schema
    const isForSome = (value: unknown, depth = 0): boolean => {
      if (!isObject(value) || depth > 8) return false
      const { 'x-proxy': proxy, $ref, allOf } = value
      if (isObject(proxy) && Array.isArray(proxy['visibleTo'])) return true
      if (typeof $ref === 'string' && isForSome(resolve($ref), depth + 1)) return true
      return Array.isArray(allOf) && allOf.some((one) => isForSome(one, depth + 1))
    }
    const kept = (required as string[]).filter((name) => !isForSome((properties as JsonObject)[name]))
    return kept.length === required.length ? schema : { ...schema, required: kept }
  },
}

import type { Json, JsonObject } from '../../generator/model/json.ts'
import { isObject } from '../../generator/model/json.ts'
import {
  reusableGroups,
  storeOptions,
  upstreamOptions,
  type VocabularyLevel,
} from '../../generator/model/vocabulary.ts'
import { unitFormats } from '../../generator/policies/units.ts'
import { allKeys } from './vocabulary.ts'

const levels: readonly VocabularyLevel[] = ['document', 'path', 'operation', 'scheme', 'schema']
const setting = '\\$\\{(env:[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?|file:[^}]+)\\}'
const patterns: Readonly<Record<string, string>> = {
  duration: unitFormats.duration.source,
  size: unitFormats.size.source,
  share: unitFormats.share.source,
  secret: `^${setting}$`,
  setting: `^${setting}$`,
  address: `^(https?://.+|${setting})$`,
}

/**
 * JSON Schema of an OpenAPI document that looks only at `x-proxy`, for completion and red lines in an editor. It is
 * derived from the policies; the compiler checks more (names, merged levels), and says where.
 */
export function editorSchema(): JsonObject {
  const schemaNode = { type: ['object', 'boolean'], properties: { 'x-proxy': ref('schema') } }
  const operation = { type: 'object', properties: { 'x-proxy': ref('operation') } }
  const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'OpenAPI with x-proxy',
    description: 'Derived from the policies by `npm run docs`.',
    type: 'object',
    properties: {
      'x-proxy': ref('document'),
      paths: {
        type: 'object',
        additionalProperties: {
          type: 'object',
          properties: {
            'x-proxy': ref('path'),
            ...Object.fromEntries(methods.map((method) => [method, operation])),
          },
        },
      },
      components: {
        type: 'object',
        properties: {
          securitySchemes: {
            type: 'object',
            additionalProperties: { type: 'object', properties: { 'x-proxy': ref('scheme') } },
          },
          schemas: { type: 'object', additionalProperties: schemaNode },
          'x-proxy': {
            type: 'object',
            additionalProperties: false,
            properties: Object.fromEntries(reusableGroups.map((group) => [group, groupSchema(group)])),
          },
        },
      },
    },
    definitions: {
      ...Object.fromEntries(levels.map((level) => [level, levelSchema(level)])),
      reference: { type: 'object', required: ['$ref'], properties: { $ref: { type: 'string' } } },
    },
  }
}

function ref(level: VocabularyLevel): JsonObject {
  return { $ref: `#/definitions/${level}` }
}

function groupSchema(group: (typeof reusableGroups)[number]): JsonObject {
  const each: Readonly<Record<typeof group, Json>> = {
    policies: ref('operation'),
    upstreams: readable(upstreamOptions),
    stores: readable(storeOptions),
    consumers: {},
  }
  return { type: 'object', additionalProperties: each[group] }
}

function levelSchema(level: VocabularyLevel): JsonObject {
  const properties: Record<string, Json> = {}
  for (const { key, levels: allowed, options, each, isPolicy, summaries } of allKeys()) {
    if (!allowed.includes(level)) continue
    const value = readable(options)
    const named: Json = each
      ? { type: 'object', properties: { enabled: { type: 'boolean' } }, additionalProperties: switchable(value) }
      : value
    properties[key] = { description: summaries.join(' '), ...(isPolicy ? switchable(named) : (named as JsonObject)) }
  }
  return { type: 'object', additionalProperties: false, properties }
}

/** Rule 5 of the vocabulary: `false` switches a policy off, `enabled: false` in it as well, `true` takes its defaults. */
function switchable(value: Json): JsonObject {
  if (!isObject(value) || !isObject(value['properties'])) return { anyOf: [{ type: 'boolean' }, value] }
  // Levels merge: what one level leaves out another may say, so nothing is required of a single one.
  const { required: _, ...open } = value as JsonObject
  const properties = { enabled: { type: 'boolean' }, ...(value['properties'] as JsonObject) }
  return { anyOf: [{ type: 'boolean' }, { ...open, properties }, { $ref: '#/definitions/reference' }] }
}

/** Our formats as patterns, which every editor knows; a policy's own schema stays as it is otherwise. */
function readable(value: Json): Json {
  if (Array.isArray(value)) return value.map(readable)
  if (!isObject(value)) return value
  const copy = Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, readable(item)]))
  const pattern = typeof copy['format'] === 'string' ? patterns[copy['format']] : undefined
  if (pattern === undefined) return copy
  const { format: _, ...rest } = copy
  return { ...rest, pattern }
}

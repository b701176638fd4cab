import { isObject, type Json, type JsonObject } from '../model/json.ts'
import type { AnyPolicy } from '../policies/define.ts'

/** Of the shape of RFC 9457 §3.1, with the member `errors` that validation adds. */
const problemSchema: JsonObject = {
  description: 'A problem, as RFC 9457 says it.',
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail', 'keyword'],
        properties: {
          pointer: { type: 'string', format: 'json-pointer' },
          parameter: { type: 'string' },
          in: { type: 'string' },
          header: { type: 'string' },
          detail: { type: 'string' },
          keyword: { type: 'string' },
        },
      },
    },
  },
}

/** Which policies stand before the operation of a path and method. */
export type PoliciesOf = (path: string, method: string) => readonly string[]

/**
 * Adds what the proxy itself answers to the public contract: for each operation the problems of its policies, where the
 * document declares nothing for that status.
 */
export function withProxyAnswers(
  document: JsonObject,
  policies: readonly AnyPolicy[],
  policiesOf: PoliciesOf,
): JsonObject {
  const name = freeName(document)
  let used = false
  const answer = (description: string): Json => {
    used = true
    return {
      description,
      content: { 'application/problem+json': { schema: { $ref: `#/components/schemas/${name}` } } },
    }
  }
  const paths = mapValues(document['paths'], (path, item) =>
    mapValues(item, (method, operation) => {
      if (!isObject(operation) || !isObject(operation['responses'])) return operation
      const applied = new Set(policiesOf(path, method.toUpperCase()))
      const added: [string, Json][] = policies
        .filter((policy) => applied.has(policy.name))
        .flatMap((policy) => Object.entries(policy.answers ?? {}))
        .filter(([status], index, all) => all.findIndex(([other]) => other === status) === index)
        .filter(([status]) => !declares(operation['responses'] as JsonObject, status))
        .map(([status, description]) => [status, answer(description)])
      if (added.length === 0) return operation
      return {
        ...(operation as JsonObject),
        responses: { ...(operation['responses'] as JsonObject), ...Object.fromEntries(added) },
      }
    }),
  )
  if (!used) return document
  const components = (document['components'] ?? {}) as JsonObject
  const schemas = { ...(components['schemas'] as JsonObject | undefined), [name]: problemSchema }
  return { ...document, paths, components: { ...components, schemas } }
}

function declares(responses: JsonObject, status: string): boolean {
  const range = `${status[0]}XX`
  return Object.keys(responses).some((key) => key === status || key.toUpperCase() === range)
}

function freeName(document: JsonObject): string {
  const schemas = (document['components'] as JsonObject | undefined)?.['schemas']
  let name = 'Problem'
  while (isObject(schemas) && Object.hasOwn(schemas, name)) name = `Proxy${name}`
  return name
}

function mapValues(value: Json | undefined, change: (key: string, value: Json) => Json): Json {
  if (!isObject(value)) return value ?? {}
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, change(key, item)]))
}

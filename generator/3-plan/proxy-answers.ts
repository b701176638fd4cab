import { referenceTokens } from '../model/component-reference.ts'
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
 * Adds what the proxy itself does to the public contract: for each operation what its policies make of the upstream's
 * answers, and their problems where the document declares nothing for that status.
 */
export function withProxyAnswers(
  document: JsonObject,
  policies: readonly AnyPolicy[],
  policiesOf: PoliciesOf,
): JsonObject {
  const name = freeName(document)
  let used = false
  let changed = false
  const answer = (description: string): Json => {
    used = true
    return {
      description,
      content: { 'application/problem+json': { schema: { $ref: `#/components/schemas/${name}` } } },
    }
  }
  const paths = mapValues(document['paths'], (path, item) =>
    mapValues(item, (key, value) => {
      if (key !== 'additionalOperations') return withAnswers(path, key.toUpperCase(), value)
      return mapValues(value, (method, operation) => withAnswers(path, method, operation))
    }),
  )
  if (!changed) return document
  if (!used) return { ...document, paths }
  const components = (document['components'] ?? {}) as JsonObject
  const schemas = { ...(components['schemas'] as JsonObject | undefined), [name]: problemSchema }
  return { ...document, paths, components: { ...components, schemas } }

  function withAnswers(path: string, method: string, operation: Json): Json {
    if (!isObject(operation) || !isObject(operation['responses'])) return operation
    const names = new Set(policiesOf(path, method))
    const applied = policies.filter((policy) => names.has(policy.name))
    const responses = published(document, operation['responses'] as JsonObject, applied)
    const shown = withRequest(document, operation as JsonObject, applied)
    const added: [string, Json][] = applied
      .flatMap((policy) => Object.entries(policy.answers ?? {}))
      .filter(([status], index, all) => all.findIndex(([other]) => other === status) === index)
      .filter(([status]) => !declares(responses, status))
      .map(([status, description]) => [status, answer(description)])
    if (added.length === 0 && responses === operation['responses'] && shown === operation) return operation
    changed = true
    return { ...shown, responses: { ...responses, ...Object.fromEntries(added) } }
  }
}

/** The responses as the policies leave them; one that is changed stands in place of the reference to it. */
function published(document: JsonObject, responses: JsonObject, policies: readonly AnyPolicy[]): JsonObject {
  const publishing = policies.flatMap(({ publish }) => publish ?? [])
  if (publishing.length === 0) return responses
  let changed = false
  const entries = Object.entries(responses).map(([status, written]): [string, Json] => {
    const response = resolved(document, written)
    if (!isObject(response)) return [status, written]
    const shown = publishing.reduce((value, publish) => publish(value), response as JsonObject)
    if (shown === response) return [status, written]
    changed = true
    return [status, shown]
  })
  return changed ? Object.fromEntries(entries) : responses
}

/** The operation with its request body as the policies take it. */
function withRequest(document: JsonObject, operation: JsonObject, policies: readonly AnyPolicy[]): JsonObject {
  const publishing = policies.flatMap(({ publishRequest }) => publishRequest ?? [])
  const body = publishing.length === 0 ? undefined : resolved(document, operation['requestBody'] ?? null)
  if (!isObject(body)) return operation
  const shown = publishing.reduce((value, publish) => publish(value), body as JsonObject)
  return shown === body ? operation : { ...operation, requestBody: shown }
}

/** What a reference to a component names; what is no reference is itself. */
function resolved(document: JsonObject, value: Json): Json | undefined {
  const ref = isObject(value) ? value['$ref'] : undefined
  if (typeof ref !== 'string') return value
  return referenceTokens(ref)?.reduce<Json | undefined>(
    (at, token) => (isObject(at) && Object.hasOwn(at, token) ? (at[token] as Json) : undefined),
    document,
  )
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

import type { OperationContract } from '../model/contract.ts'
import type { JsonObject } from '../model/json.ts'

/**
 * What callers see of an operation where it is not what the document says of the upstream: a policy tells the public
 * contract what it changes. References of what is given are followed; the same object where nothing changes.
 */
export interface Publication {
  /** @param status as the document has it: `200`, `4XX`, `default` */
  readonly response?: (response: JsonObject, status: string) => JsonObject
  /** Whether answers of a status may be problems (RFC 9457) beside what is declared, or are nothing else. */
  readonly problems?: (status: string) => 'also' | 'only' | undefined
  /** One of the policy's own `answers` as it is with these options; undefined where they never give it. */
  readonly answer?: (answer: ProxyAnswer, status: string) => ProxyAnswer | undefined
  /** What JSON in answers is like. */
  readonly schema?: SchemaChange
  readonly requestBody?: (requestBody: JsonObject) => JsonObject
  /** Whether callers need not know of a parameter: the proxy says it itself. */
  readonly hidesParameter?: (name: string, place: string) => boolean
}

export interface SchemaChange {
  /** Changes of the same name are the same: component schemas are copied once for each combination. */
  readonly name: string
  /**
   * One schema, its own schemas changed already; references are not followed.
   * @param resolve what a reference names
   */
  change(schema: JsonObject, resolve: (reference: string) => JsonObject | undefined): JsonObject
}

/** What the proxy answers with by itself, by status or range. */
export type ProxyAnswers = Readonly<Record<string, string | ProxyAnswer>>

export interface ProxyAnswer {
  readonly description: string
  /** Header Objects (OpenAPI §4.21). */
  readonly headers?: JsonObject
  /** It is no problem, and nothing is said of its body. */
  readonly isBare?: true
}

/** The operation a policy tells about. */
export interface PublishScope {
  readonly contract: OperationContract
  /** Options of another policy of the same operation, merged; undefined where it is off. */
  optionsOf(policy: string): JsonObject | undefined
  /** Whether the author wrote a policy's options: otherwise they are its default. */
  isAsked(policy: string): boolean
}

/** A response with header fields that are not declared yet. */
export function withFields(response: JsonObject, fields: JsonObject): JsonObject {
  const declared = (response['headers'] ?? {}) as JsonObject
  const names = new Set(Object.keys(declared).map((name) => name.toLowerCase()))
  const added = Object.entries(fields).filter(([name]) => !names.has(name.toLowerCase()))
  return added.length === 0 ? response : { ...response, headers: { ...declared, ...Object.fromEntries(added) } }
}

/** A response without some header fields. */
export function withoutFields(response: JsonObject, isGone: (name: string) => boolean): JsonObject {
  const declared = Object.entries((response['headers'] ?? {}) as JsonObject)
  const kept = declared.filter(([name]) => !isGone(name.toLowerCase()))
  if (kept.length === declared.length) return response
  const { headers: _, ...rest } = response as { headers?: JsonObject }
  return kept.length === 0 ? rest : { ...rest, headers: Object.fromEntries(kept) }
}

/** A Header Object. */
export function field(description: string, type: 'string' | 'integer' = 'string'): JsonObject {
  return { description, schema: { type } }
}

/** RFC 9110 §10.2.3, in seconds. */
export const retryAfter: JsonObject = { 'Retry-After': field('Seconds after which to try again.', 'integer') }

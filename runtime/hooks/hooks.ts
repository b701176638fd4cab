import type { HookRequest } from './request.ts'
import type { HookResponse } from './response.ts'

/** What a hook may answer itself, instead of the upstream. */
export interface HookAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is; not beside `json`. */
  readonly body?: string
}

/** Runs before the cache. Nothing: the request goes on. An answer: it is sent. A thrown `reject(…)`: a problem is. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is what void says
export type RequestHook<Body = unknown> = (request: HookRequest<Body>) => void | HookAnswer | Promise<void | HookAnswer>

/** Runs on what the upstream answered, before the cache stores it. */
export type ResponseHook<Body = unknown, RequestBody = unknown> = (
  response: HookResponse<Body>,
  request: HookRequest<RequestBody>,
) => void | Promise<void>

/**
 * The hooks of one operation, typed by its entry in `schemas/types.ts` (openapi-typescript's `operations`); those that
 * are `Written` are there for certain.
 */
export type OperationHooks<
  Operation,
  Written extends keyof HooksOfOperation<Operation> = never,
> = HooksOfOperation<Operation> & Required<Pick<HooksOfOperation<Operation>, Written>>

interface HooksOfOperation<Operation> {
  readonly onRequest?: RequestHook<JsonBody<RequestContent<Operation>>>
  readonly onResponse?: ResponseHook<JsonBody<ResponseContent<Operation>>, JsonBody<RequestContent<Operation>>>
}

type RequestContent<Operation> = Operation extends { requestBody?: infer Body }
  ? NonNullable<Body> extends { content: infer Content }
    ? Content
    : never
  : never

type ResponseContent<Operation> = Operation extends { responses: infer Responses }
  ? Responses[keyof Responses] extends infer Response
    ? Response extends { content: infer Content }
      ? Content
      : never
    : never
  : never

/** The type of the JSON among media types; `unknown` where there is none. */
type JsonBody<Content> = [Content] extends [never]
  ? unknown
  : Content extends { 'application/json': infer Body }
    ? Body
    : unknown

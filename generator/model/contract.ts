import type { Condition } from './path-key.ts'
import type { SpecNode } from './spec-node.ts'

/**
 * What the document says about one operation, settled: references followed, parameters of the path item merged in,
 * defaults of `style` and `explode` filled. Policies read this instead of OpenAPI.
 */
export interface OperationContract {
  /** The document's operationId, or one made from method and path; unique. */
  readonly id: string
  /** Upper case, as on the wire. */
  readonly method: string
  /** The public path template, base path included. */
  readonly path: string
  /** The key in `paths`, as written. */
  readonly key: string
  /** What a request must bring beside path and method: `/rest?method=list`. */
  readonly conditions: readonly Condition[]
  readonly summary: string | undefined
  readonly deprecated: boolean
  readonly parameters: readonly ParameterContract[]
  readonly requestBody: BodyContract | undefined
  readonly responses: readonly ResponseContract[]
  /** Any of these; within one, all; `[]` inside means anybody. Undefined: the document asks for nothing. */
  readonly security: readonly SecurityRequirement[] | undefined
  readonly node: SpecNode
}

export interface ParameterContract {
  readonly name: string
  readonly in: 'path' | 'query' | 'querystring' | 'header' | 'cookie'
  readonly required: boolean
  readonly style: 'matrix' | 'label' | 'simple' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject' | 'cookie'
  readonly explode: boolean
  readonly allowReserved: boolean
  readonly allowEmptyValue: boolean
  readonly deprecated: boolean
  readonly schema: SpecNode | undefined
  /** Set where the parameter is serialised by a media type (`content`) instead of a style. */
  readonly content: MediaContract | undefined
  readonly node: SpecNode
}

export interface BodyContract {
  readonly required: boolean
  readonly content: readonly MediaContract[]
  readonly node: SpecNode
}

export interface MediaContract {
  /** Lower case, without parameters; may be a range: `application/json`, `text/*`. */
  readonly mediaType: string
  /** Parameters the document wrote beside the type, e.g. `{ charset: 'utf-8' }`. */
  readonly parameters: Readonly<Record<string, string>>
  readonly schema: SpecNode | undefined
  /** OpenAPI 3.2: the schema of each item of a sequential media type. */
  readonly itemSchema: SpecNode | undefined
  readonly encoding: Readonly<Record<string, EncodingContract>>
  readonly node: SpecNode
}

export interface EncodingContract {
  readonly contentType: readonly string[] | undefined
  readonly style: ParameterContract['style']
  readonly explode: boolean
  readonly allowReserved: boolean
  readonly headers: readonly HeaderContract[]
}

export interface ResponseContract {
  /** `200`, `2XX` or `default`. */
  readonly status: string
  readonly content: readonly MediaContract[]
  readonly headers: readonly HeaderContract[]
  readonly node: SpecNode
}

export interface HeaderContract {
  readonly name: string
  readonly required: boolean
  readonly explode: boolean
  readonly schema: SpecNode | undefined
  readonly content: MediaContract | undefined
  readonly node: SpecNode
}

/** All of these schemes together. */
export type SecurityRequirement = readonly SchemeRequirement[]

export interface SchemeRequirement {
  readonly scheme: SchemeContract
  /** Scopes, or roles for schemes other than OAuth 2 (OpenAPI 3.1). */
  readonly scopes: readonly string[]
}

export interface SchemeContract {
  readonly name: string
  readonly type: 'apiKey' | 'http' | 'mutualTLS' | 'oauth2' | 'openIdConnect'
  /** For apiKey: where the key is and what carries it. */
  readonly in: 'header' | 'query' | 'cookie' | undefined
  readonly parameterName: string | undefined
  /** For http: lower case, e.g. `basic`, `bearer`. */
  readonly httpScheme: string | undefined
  readonly node: SpecNode
}

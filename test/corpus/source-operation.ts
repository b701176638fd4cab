import type { Located } from './source-document.ts'
import type { SourcePath } from './source-path.ts'

/** An operation as its document has it, whatever the version. */
export interface SourceOperation {
  /** `GET /orders/{orderId}`, without the base path. */
  readonly name: string
  readonly method: string
  /** The template, base path included. */
  readonly path: string
  readonly parameters: readonly SourceParameter[]
  /** Pairs of the query, and fields, that tell it from others of its path. */
  readonly asked: Pick<SourcePath, 'query' | 'headers'>
  readonly body: SourceBody | undefined
  /** Any of these; undefined: anybody may call. */
  readonly security: readonly (readonly SourceScheme[])[] | undefined
}

export interface SourceParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'querystring'
  readonly required: boolean
  /** Without it a request means another operation. */
  readonly isAsked?: boolean
  readonly style: string
  readonly explode: boolean
  readonly allowReserved: boolean
  readonly allowEmptyValue: boolean
  readonly schema: Located | undefined
  /** Set where `content` says how it is written. */
  readonly mediaType: string | undefined
  readonly examples: readonly unknown[]
}

export interface SourceBody {
  readonly required: boolean
  readonly content: readonly SourceMedia[]
}

export interface SourceMedia {
  /** As written: `application/json; charset=utf-8`, `text/*`. */
  readonly mediaType: string
  /** Of each item of a sequence: 3.2. */
  readonly itemSchema?: Located | undefined
  readonly schema: Located | undefined
  readonly examples: readonly unknown[]
  readonly encoding: Located | undefined
}

export interface SourceScheme {
  readonly type: string
  readonly scheme: string
  readonly in: string
  readonly name: string
}

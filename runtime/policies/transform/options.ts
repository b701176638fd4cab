import type { TemplatePart } from '../../core/template.ts'

/** `Bearer {claim.sub}` as its parts. */
export type TextPart = TemplatePart | { readonly claim: string }

/** Text as it is, or of the request. */
export type Text = string | readonly TextPart[]

export interface TransformOptions {
  readonly request?: RequestChanges
  readonly response?: ResponseChanges
}

export interface RequestChanges {
  readonly headers?: PairChanges
  readonly query?: PairChanges
  /** What the upstream is asked for instead of the path, base path included. */
  readonly path?: readonly TextPart[]
  readonly body?: BodyChanges
  /** A request without a body gets one, of what `set` says: the operation declares none. */
  readonly createsBody?: true
}

export interface ResponseChanges {
  /** Of every answer of the upstream. */
  readonly headers?: PairChanges
  /** Of JSON that a success carries. */
  readonly body?: BodyChanges
}

/** Done in this order. */
export interface PairChanges {
  readonly rename?: Readonly<Record<string, string>>
  readonly remove?: readonly string[]
  /** What has no value for a request is not there afterwards. */
  readonly set?: Readonly<Record<string, Text>>
  readonly add?: Readonly<Record<string, Text>>
}

/** Done in this order. */
export interface BodyChanges {
  /** Path to what is left of the value. */
  readonly unwrap?: readonly string[]
  readonly members?: MemberChanges
  /** Names of the objects that are put round it, outermost first. */
  readonly wrap?: readonly string[]
}

/** Of the members of an object; of an array, of each item. */
export interface MemberChanges {
  /** Nothing stays but what is listed. */
  readonly picks?: true
  readonly members?: Readonly<Record<string, MemberChange>>
  /** By their names after renaming. */
  readonly set?: Readonly<Record<string, NewValue>>
}

export interface MemberChange {
  readonly keeps?: true
  readonly drops?: true
  readonly as?: string
  readonly inside?: MemberChanges
}

/** JSON text; text of the request, as a JSON string or as what its parameter is; or an object that is made where there is none. */
export type NewValue =
  | { readonly json: string }
  | { readonly text: readonly TextPart[]; readonly as?: 'number' | 'boolean' }

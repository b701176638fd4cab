/** The kinds of object an OpenAPI document is made of, in the normal form (3.1 shape, with what 3.2 adds). */
export type Kind =
  | 'document'
  | 'info'
  | 'contact'
  | 'license'
  | 'tag'
  | 'externalDocs'
  | 'server'
  | 'serverVariable'
  | 'components'
  | 'pathItem'
  | 'operation'
  | 'parameter'
  | 'requestBody'
  | 'mediaType'
  | 'encoding'
  | 'responses'
  | 'response'
  | 'header'
  | 'callback'
  | 'link'
  | 'example'
  | 'securityScheme'
  | 'oauthFlows'
  | 'oauthFlow'
  | 'securityRequirement'
  | 'schema'
  | 'discriminator'
  | 'xml'

/** What may stand in a place. */
export type Shape =
  | { readonly is: 'any' }
  | { readonly is: 'text'; readonly one?: readonly string[] }
  | { readonly is: 'flag' }
  /** `whole`: an integer; `from`: the least value, with `above`: not that value itself. */
  | { readonly is: 'number'; readonly whole?: boolean; readonly from?: number; readonly above?: boolean }
  | { readonly is: 'object'; readonly kind: Kind }
  /** `solid`: null does not read as absent, since that would change who may call. */
  | { readonly is: 'list'; readonly of: Shape; readonly solid?: boolean }
  /** `open`: its `x-…` members are extensions, not entries. */
  | { readonly is: 'map'; readonly of: Shape; readonly open?: boolean }
  | { readonly is: 'either'; readonly of: readonly Shape[] }

export interface Field {
  readonly shape: Shape
  /** `must`: nothing can be compiled without it. `should`: the specification asks for it, the compiler does not. */
  readonly need?: 'must' | 'should'
  /** A common slip that is read as if the field were absent: `required: true` in a property, as in JSON Schema draft 3. */
  readonly slip?: Shape
  /** The version of OpenAPI it came with, where a document of an earlier one had better not have it. */
  readonly since?: number
  /** Says something to people only: nothing in it can be worse than a warning. */
  readonly prose?: boolean
}

export interface ObjectGrammar {
  /** What the object is called in a message: `parameter`, `security scheme`. */
  readonly called: string
  /** Its section of the specification. */
  readonly section: string
  readonly fields: Readonly<Record<string, Field>>
  /** Members that are no fixed field, e.g. the status codes of `responses`. */
  readonly rest?: Shape
  /** Members called `x-…` are entries like any other, not extensions. */
  readonly closed?: boolean
  /** Unknown members are reported only where they look like a slip of a known one: JSON Schema allows any. */
  readonly anyMember?: boolean
}

export const any: Shape = { is: 'any' }
export const text: Shape = { is: 'text' }
export const flag: Shape = { is: 'flag' }
export const count: Shape = { is: 'number', whole: true, from: 0 }
export const object = (kind: Kind): Shape => ({ is: 'object', kind })
export const list = (of: Shape): Shape => ({ is: 'list', of })
export const map = (of: Shape): Shape => ({ is: 'map', of })
export const openMap = (of: Shape): Shape => ({ is: 'map', of, open: true })
export const one = (...values: readonly string[]): Shape => ({ is: 'text', one: values })
export const either = (...of: readonly Shape[]): Shape => ({ is: 'either', of })

export const field = (shape: Shape): Field => ({ shape })
export const must = (shape: Shape): Field => ({ shape, need: 'must' })
export const should = (shape: Shape): Field => ({ shape, need: 'should' })
export const prose = (shape: Shape): Field => ({ shape, prose: true })

import type { JsonObject } from '../../model/json.ts'

export type Scalar = string | number | boolean

export interface PairOptions {
  readonly rename?: Readonly<Record<string, string>>
  readonly remove?: readonly string[]
  readonly set?: Readonly<Record<string, Scalar>>
  readonly add?: Readonly<Record<string, Scalar>>
}

export interface BodyOptions {
  readonly unwrap?: string
  readonly pick?: readonly string[]
  readonly omit?: readonly string[]
  readonly rename?: Readonly<Record<string, string>>
  readonly set?: Readonly<Record<string, unknown>>
  readonly wrap?: string
}

export interface Options {
  readonly request?: {
    readonly headers?: PairOptions
    readonly query?: PairOptions
    readonly path?: string
    readonly body?: BodyOptions
  }
  readonly response?: { readonly headers?: PairOptions; readonly body?: BodyOptions }
}

const scalar: JsonObject = { type: ['string', 'number', 'boolean'] }
const token: JsonObject = { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }
const name: JsonObject = { type: 'string', minLength: 1 }
const path: JsonObject = { type: 'string', pattern: '^[^/]+(/[^/]+)*$' }

/** `kind` of names: fields are tokens, parameters anything. */
function pairs(kind: JsonObject, what: string): JsonObject {
  const values = (description: string): JsonObject => ({
    type: 'object',
    propertyNames: kind,
    additionalProperties: scalar,
    description,
  })
  return {
    type: 'object',
    description: `${what}, in this order: rename, remove, set, add.`,
    properties: {
      rename: { type: 'object', propertyNames: kind, additionalProperties: kind, description: 'Name → new name.' },
      remove: { type: 'array', items: kind, uniqueItems: true, description: 'Names that do not go on.' },
      set: values('Name → value, in place of what was there. Without a value for a request it is not there.'),
      add: values('Name → value, beside what is there.'),
    },
    additionalProperties: false,
  }
}

const list = (description: string): JsonObject => ({ type: 'array', items: path, uniqueItems: true, description })

const body: JsonObject = {
  type: 'object',
  description:
    'JSON, in this order: unwrap, pick, omit, rename, set, wrap. Members are named by their path (`customer/email`); arrays on the way mean each item.',
  properties: {
    unwrap: { ...path, description: 'Path of the member that is the value.' },
    pick: list('Members that stay; all others go.'),
    omit: list('Members that go.'),
    rename: {
      type: 'object',
      propertyNames: path,
      additionalProperties: name,
      description: 'Path → new name of the member, in the same object.',
    },
    set: {
      type: 'object',
      propertyNames: path,
      description: 'Path → value. Text may hold values of the request; alone, they keep the type of their parameter.',
    },
    wrap: { ...path, description: 'Path of the member that the value becomes.' },
  },
  additionalProperties: false,
}

export const transformOptions: JsonObject = {
  type: 'object',
  properties: {
    request: {
      type: 'object',
      description: 'What goes upstream. Callers send what the contract says.',
      properties: {
        headers: pairs(token, 'Header fields'),
        query: pairs(name, 'Query parameters'),
        path: {
          type: 'string',
          pattern: '^/[^?#\\s]*$',
          description: 'The path the upstream is asked for, e.g. `/v2/{path.orderId}`.',
        },
        body,
      },
      additionalProperties: false,
    },
    response: {
      type: 'object',
      description: 'What comes back, before it is judged: the contract is what callers get.',
      properties: { headers: pairs(token, 'Header fields of every answer'), body },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
}

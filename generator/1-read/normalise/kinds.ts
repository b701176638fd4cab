/** The objects of OpenAPI 3 whose members matter here: what may hold a reference, or holds something that may. */
export type Kind =
  | 'document'
  | 'components'
  | 'paths'
  | 'pathItem'
  | 'pathItemHere'
  | 'operation'
  | 'parameter'
  | 'requestBody'
  | 'mediaType'
  | 'encoding'
  | 'responses'
  | 'response'
  | 'header'
  | 'callback'
  | 'example'
  | 'link'
  | 'securityScheme'
  | 'securityRequirement'
  | 'schema'

export type Section =
  | 'schemas'
  | 'responses'
  | 'parameters'
  | 'examples'
  | 'requestBodies'
  | 'headers'
  | 'securitySchemes'
  | 'links'
  | 'callbacks'
  | 'pathItems'
  | 'mediaTypes'

/** `any` is data: nothing in it is a reference, whatever it looks like. */
export type Shape = Kind | 'any' | { readonly list: Kind } | { readonly map: Kind }

export interface ObjectKind {
  /** In words, for messages. */
  readonly called: string
  /** Where a target of a reference of this kind belongs; undefined where OpenAPI has no reference to it. */
  readonly section?: Section
  readonly fields: Readonly<Record<string, Shape>>
  /** Members with names of the author's, `x-…` excepted. */
  readonly others?: Kind
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const
const pathItemFields: Record<string, Shape> = {
  ...Object.fromEntries(methods.map((method) => [method, 'operation'])),
  additionalOperations: { map: 'operation' },
  parameters: { list: 'parameter' },
}
const parameterFields: Record<string, Shape> = {
  schema: 'schema',
  content: { map: 'mediaType' },
  examples: { map: 'example' },
}
const encodingFields: Record<string, Shape> = {
  encoding: { map: 'encoding' },
  prefixEncoding: { list: 'encoding' },
  itemEncoding: 'encoding',
}

export const kinds: Readonly<Record<Exclude<Kind, 'schema'>, ObjectKind>> = {
  document: {
    called: 'document',
    fields: { paths: 'paths', webhooks: { map: 'pathItemHere' }, components: 'components' },
  },
  components: { called: 'components object', fields: {} },
  paths: { called: 'paths object', fields: {}, others: 'pathItemHere' },
  pathItem: { called: 'path item', section: 'pathItems', fields: pathItemFields },
  // Under `paths` a path item is put where its reference stands: its siblings belong to it (OpenAPI 3.1 §4.8.9), and an
  // operation has one path. Callbacks keep references, since a path item may call back to itself.
  pathItemHere: { called: 'path item', fields: pathItemFields },
  operation: {
    called: 'operation',
    fields: {
      parameters: { list: 'parameter' },
      requestBody: 'requestBody',
      responses: 'responses',
      callbacks: { map: 'callback' },
      security: { list: 'securityRequirement' },
    },
  },
  parameter: { called: 'parameter', section: 'parameters', fields: parameterFields },
  header: { called: 'header', section: 'headers', fields: parameterFields },
  requestBody: { called: 'request body', section: 'requestBodies', fields: { content: { map: 'mediaType' } } },
  mediaType: {
    called: 'media type',
    section: 'mediaTypes',
    fields: { schema: 'schema', itemSchema: 'schema', examples: { map: 'example' }, ...encodingFields },
  },
  encoding: { called: 'encoding', fields: { headers: { map: 'header' }, ...encodingFields } },
  responses: { called: 'responses object', fields: {}, others: 'response' },
  response: {
    called: 'response',
    section: 'responses',
    fields: { headers: { map: 'header' }, content: { map: 'mediaType' }, links: { map: 'link' } },
  },
  callback: { called: 'callback', section: 'callbacks', fields: {}, others: 'pathItem' },
  example: { called: 'example', section: 'examples', fields: {} },
  link: { called: 'link', section: 'links', fields: {} },
  securityScheme: { called: 'security scheme', section: 'securitySchemes', fields: {} },
  securityRequirement: { called: 'security requirement', fields: {} },
}

/** Sections of `components` and what they hold. */
export const sections: Readonly<Record<Section, Kind>> = {
  schemas: 'schema',
  responses: 'response',
  parameters: 'parameter',
  examples: 'example',
  requestBodies: 'requestBody',
  headers: 'header',
  securitySchemes: 'securityScheme',
  links: 'link',
  callbacks: 'callback',
  pathItems: 'pathItem',
  mediaTypes: 'mediaType',
}

export function sectionOf(kind: Kind): Section | undefined {
  return kind === 'schema' ? 'schemas' : kinds[kind].section
}

export function called(kind: Kind): string {
  return kind === 'schema' ? 'schema' : kinds[kind].called
}

/** What a member of an object holds. */
export function shapeOf(kind: Exclude<Kind, 'schema'>, key: string): Shape {
  const { fields, others } = kinds[kind]
  if (Object.hasOwn(fields, key)) return fields[key]!
  return key.startsWith('x-') ? 'any' : (others ?? 'any')
}

/** Keywords of JSON Schema 2020-12 (and older names of them) that hold schemas. */
export const schemaKeywords: Readonly<Record<string, Shape>> = {
  additionalProperties: 'schema',
  additionalItems: 'schema',
  contains: 'schema',
  contentSchema: 'schema',
  else: 'schema',
  if: 'schema',
  items: 'schema',
  not: 'schema',
  propertyNames: 'schema',
  // biome-ignore lint/suspicious/noThenProperty: a JSON Schema keyword
  then: 'schema',
  unevaluatedItems: 'schema',
  unevaluatedProperties: 'schema',
  allOf: { list: 'schema' },
  anyOf: { list: 'schema' },
  oneOf: { list: 'schema' },
  prefixItems: { list: 'schema' },
  $defs: { map: 'schema' },
  definitions: { map: 'schema' },
  dependencies: { map: 'schema' },
  dependentSchemas: { map: 'schema' },
  patternProperties: { map: 'schema' },
  properties: { map: 'schema' },
}

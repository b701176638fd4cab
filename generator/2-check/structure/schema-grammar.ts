import {
  any,
  count,
  either,
  field,
  flag,
  list,
  map,
  must,
  type ObjectGrammar,
  object,
  one,
  prose,
  type Shape,
  text,
} from './shape.ts'

const schema = either(object('schema'), flag)
const number: Shape = { is: 'number' }
const typeName = one('null', 'boolean', 'object', 'array', 'number', 'string', 'integer')

/** JSON Schema 2020-12, with the vocabulary OpenAPI adds. https://json-schema.org/draft/2020-12/json-schema-validation */
export const schemaGrammar: ObjectGrammar = {
  called: 'schema',
  section: 'https://spec.openapis.org/oas/v3.2.0.html#schema-object',
  anyMember: true,
  fields: {
    // Core
    $id: field(text),
    $schema: prose(text),
    $ref: field(text),
    $anchor: field(text),
    $dynamicRef: field(text),
    $dynamicAnchor: field(text),
    $vocabulary: prose(any),
    $comment: prose(text),
    $defs: field(map(schema)),
    definitions: field(map(schema)),
    // Applicators
    allOf: field(list(schema)),
    anyOf: field(list(schema)),
    oneOf: field(list(schema)),
    not: field(schema),
    if: field(schema),
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema; nothing awaits this table
    then: field(schema),
    else: field(schema),
    dependentSchemas: field(map(schema)),
    prefixItems: field(list(schema)),
    items: field(schema),
    contains: field(schema),
    properties: field(map(schema)),
    patternProperties: field(map(schema)),
    additionalProperties: field(schema),
    propertyNames: field(schema),
    unevaluatedItems: field(schema),
    unevaluatedProperties: field(schema),
    // Validation
    type: field(either(typeName, list(typeName))),
    enum: field(list(any)),
    const: field(any),
    multipleOf: field({ is: 'number', from: 0, above: true }),
    maximum: field(number),
    exclusiveMaximum: field(number),
    minimum: field(number),
    exclusiveMinimum: field(number),
    maxLength: field(count),
    minLength: field(count),
    pattern: field(text),
    maxItems: field(count),
    minItems: field(count),
    uniqueItems: field(flag),
    maxContains: field(count),
    minContains: field(count),
    maxProperties: field(count),
    minProperties: field(count),
    required: { shape: list(text), slip: flag },
    dependentRequired: field(map(list(text))),
    // Annotation
    format: field(text),
    contentEncoding: field(text),
    contentMediaType: field(text),
    contentSchema: field(schema),
    title: prose(text),
    description: prose(text),
    default: prose(any),
    deprecated: prose(flag),
    readOnly: field(flag),
    writeOnly: field(flag),
    examples: prose(any),
    // OpenAPI
    discriminator: field(object('discriminator')),
    xml: field(object('xml')),
    externalDocs: prose(object('externalDocs')),
    example: prose(any),
    nullable: prose(any),
  },
}

export const discriminatorGrammar: ObjectGrammar = {
  called: 'discriminator',
  section: 'https://spec.openapis.org/oas/v3.2.0.html#discriminator-object',
  fields: { propertyName: must(text), mapping: field(map(text)), defaultMapping: field(text) },
}

export const xmlGrammar: ObjectGrammar = {
  called: 'xml',
  section: 'https://spec.openapis.org/oas/v3.2.0.html#xml-object',
  fields: {
    nodeType: field(one('element', 'attribute', 'text', 'cdata', 'none')),
    name: field(text),
    namespace: field(text),
    prefix: field(text),
    attribute: field(flag),
    wrapped: field(flag),
  },
}

import type { jsonToXml } from '../../../runtime/policies/json-to-xml/json-to-xml.ts'
import type { SoapOptions } from '../../../runtime/policies/json-to-xml/options.ts'
import type { XmlRoot, XmlShape } from '../../../runtime/xml/shape.ts'
import type { Reference } from '../../model/service-plan.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { checkFlat } from '../../xml/check-flat.ts'
import { checkWritable } from '../../xml/check-writable.ts'
import { placesOfAlternatives } from '../../xml/place-of.ts'
import { planRoot } from '../../xml/plan-root.ts'
import { sharedShapes } from '../../xml/plan-shapes.ts'
import { componentName, SchemaView } from '../../xml/schema-view.ts'
import { definePolicy, type OperationScope } from '../define.ts'
import { isJson, isXml, rangeHoldsJson } from '../media-types.ts'
import { requestWithJson } from './request-with-json.ts'

interface Options {
  readonly wrap?: 'none' | 'soap'
  readonly version?: '1.1' | '1.2' | 1.1 | 1.2
  readonly action?: string
  readonly schema?: string
  readonly declaration?: boolean
  readonly namespaces?: Readonly<Record<string, string>>
  readonly unknown?: 'drop' | 'reject'
  readonly nulls?: 'nil' | 'omit'
}

export default definePolicy<typeof jsonToXml, Options>({
  name: 'jsonToXml',
  summary: 'Sends the upstream XML where callers send JSON, led by the request schema and its `xml` objects.',
  levels: ['document', 'path', 'operation'],
  instance: 'operation',
  options: {
    type: 'object',
    properties: {
      wrap: {
        enum: ['none', 'soap'],
        default: 'none',
        description: 'What is put round the element: nothing, or a SOAP envelope.',
      },
      version: {
        enum: ['1.1', '1.2', 1.1, 1.2],
        default: '1.1',
        description: 'Of SOAP: its namespace, its media type, and where the action stands.',
      },
      action: {
        type: 'string',
        pattern: '^[\\x21-\\x7e]*$',
        description: 'Of SOAP: the field `SOAPAction` (1.1) or the parameter `action` of the media type (1.2).',
      },
      schema: {
        type: 'string',
        pattern: '^#/components/schemas/.',
        description:
          'What the upstream is sent, where that is not what callers send: a reference to a component schema. With it an operation without a request body sends one.',
      },
      declaration: {
        type: 'boolean',
        default: true,
        description: 'Whether `<?xml version="1.0" encoding="UTF-8"?>` stands first.',
      },
      namespaces: {
        type: 'object',
        propertyNames: { pattern: '^(?!xml)[A-Za-z_][A-Za-z0-9_.-]*$' },
        additionalProperties: { type: 'string', minLength: 1 },
        description: 'Prefix → namespace: how the namespaces of the schemas are called, and what bare prefixes mean.',
      },
      unknown: {
        enum: ['drop', 'reject'],
        default: 'drop',
        description: 'What becomes of members the schema does not declare; `reject` answers 400.',
      },
      nulls: {
        enum: ['nil', 'omit'],
        default: 'nil',
        description: 'What becomes of members that are null: `xsi:nil="true"`, or no element.',
      },
    },
    additionalProperties: false,
  },
  publish: () => ({ requestBody: requestWithJson }),
  answers: {
    400: 'The request does not meet the contract, or cannot be said in XML.',
    413: 'The body is too large, or its XML is.',
  },
  lower(options, scope) {
    const { wrap = 'none', namespaces, declaration, unknown, nulls } = options
    for (const key of ['version', 'action'] as const) {
      if (options[key] === undefined || wrap === 'soap') continue
      scope.report('option-missing', scope.node.at(key) ?? scope.node, {
        key: `jsonToXml.${key}`,
        missing: 'wrap: soap',
      })
    }
    const sent = sentSchema(options, scope)
    if (sent === undefined) return undefined
    const root = named(planRoot(sent.schema, sharedShapes(scope)), sent.schema, scope)
    checkWritable(root, namespaces ?? {}, sharedShapes(scope), (code, gaps) =>
      scope.report(code, sent.schema ?? scope.node, gaps),
    )
    checkFlat(root, sharedShapes(scope), false, (property, problem) =>
      scope.report('xml-node-none', sent.schema ?? scope.node, { property, problem }),
    )
    const { requestBody } = scope.contract
    const xml = requestBody?.content.find(({ mediaType }) => isXml(mediaType))
    return [
      {
        root,
        mediaType: xml?.mediaType ?? 'application/xml',
        ...(wrap === 'soap' ? { soap: soapOptions(options) } : {}),
        ...(declaration === false ? { declaration } : {}),
        ...(namespaces === undefined ? {} : { namespaces }),
        ...(unknown === 'reject' ? { unknown } : {}),
        ...(nulls === 'omit' ? { nulls } : {}),
        ...(requestBody === undefined ? { always: true } : {}),
      },
    ]
  },
})

/** What is sent; undefined where the operation sends nothing that JSON could be. */
function sentSchema({ schema }: Options, scope: OperationScope): { readonly schema: SpecNode | undefined } | undefined {
  if (schema !== undefined) {
    const target = scope.node.tree.target(schema)
    if (target !== undefined) return { schema: target }
    const where = scope.node.at('schema') ?? scope.node
    scope.report('option-invalid', where, { key: 'jsonToXml.schema', problem: 'names no component schema' })
    return undefined
  }
  const content = scope.contract.requestBody?.content ?? []
  return (
    content.find(({ mediaType }) => isJson(mediaType)) ??
    content.find(({ mediaType }) => isXml(mediaType)) ??
    content.find(({ mediaType }) => rangeHoldsJson(mediaType))
  )
}

type Root = XmlRoot<Reference<XmlShape>>

/** A root element has a name: that of its schema, else of the component that it is (OpenAPI 3.2 §4.26.2). */
function named(planned: Root, schema: SpecNode | undefined, scope: OperationScope): Root {
  // Who renames a component means the same thing by another name. Readers need no such guess.
  const given = schema === undefined ? undefined : new SchemaView([schema]).defaultNamespace()
  const root: Root = planned.namespace === undefined && given !== undefined ? { ...planned, namespace: given } : planned
  if (root.name !== undefined) return root
  const places = schema && placesOfAlternatives(new SchemaView([schema]).alternatives())
  if (places !== undefined) return { name: places[0]!.name, isOpen: true, ...root }
  const written = scope.node.at('schema')?.string ?? schema?.reference
  const component = componentName(written)
  if (component !== undefined) return { name: component, ...root }
  scope.report('xml-root-unnamed', schema ?? scope.node, { operation: scope.contract.id })
  return { name: 'root', ...root }
}

function soapOptions({ version = '1.1', action }: Options): SoapOptions {
  return { version: String(version) === '1.2' ? '1.2' : '1.1', ...(action === undefined ? {} : { action }) }
}

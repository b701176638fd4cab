import type { validateRequest } from '../../../runtime/policies/validate-request/validate-request.ts'
import type { SecurityRequirement } from '../../model/contract.ts'
import { definePolicy, type OperationScope } from '../define.ts'
import { SchemaDecode } from '../schema-decode.ts'
import { lowerBody } from './body.ts'
import { lowerParameters, lowerQuerystring } from './parameters.ts'

type Unknown = 'reject' | 'strip' | 'pass'
type Place = 'query' | 'header' | 'cookie' | 'form'

interface Options {
  readonly request?: 'enforce' | 'detect' | 'off'
  readonly unknown?: { readonly [K in Place]?: Unknown }
  readonly contentType?: 'declared' | 'any'
  readonly details?: 'full' | 'masked' | 'none'
  readonly maxErrors?: number
  readonly formats?: 'assert' | 'annotate'
}

const unknown = { enum: ['reject', 'strip', 'pass'] } as const
const places = ['query', 'header', 'cookie', 'form'] as const
const unknownDefaults = { query: 'reject', header: 'pass', cookie: 'pass', form: 'reject' } as const

export default definePolicy<typeof validateRequest, Options>({
  name: 'validateRequest',
  key: 'validate',
  summary: 'Refuses requests that do not meet the contract, before the upstream sees them.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    properties: {
      request: {
        enum: ['enforce', 'detect', 'off'],
        default: 'enforce',
        description: 'Requests: refused with 400 or 415, noted in log and metrics, or not looked at.',
      },
      unknown: {
        type: 'object',
        description: 'What happens to what the document does not declare.',
        properties: {
          query: { ...unknown, default: 'reject', description: 'Query parameters.' },
          header: { ...unknown, default: 'pass', description: 'Header fields beyond those of HTTP itself.' },
          cookie: { ...unknown, default: 'pass', description: 'Cookies.' },
          form: { ...unknown, default: 'reject', description: 'Fields of forms.' },
        },
        additionalProperties: false,
      },
      contentType: {
        enum: ['declared', 'any'],
        default: 'declared',
        description: 'Bodies of undeclared media types: 415, or passed unread.',
      },
      details: {
        enum: ['full', 'masked', 'none'],
        default: 'masked',
        description: 'What errors tell: places and rules, also allowed values and patterns, or nothing.',
      },
      maxErrors: {
        type: 'integer',
        minimum: 1,
        maximum: 50,
        default: 10,
        description: 'How many faults an answer lists.',
      },
      formats: {
        enum: ['assert', 'annotate'],
        default: 'assert',
        description: 'Whether `format` is checked. One for the whole document.',
      },
    },
    additionalProperties: false,
  },
  default: {},
  answers: { 400: 'The request does not meet the contract.', 415: 'The media type is not declared.' },
  publish: ({ request = 'enforce', contentType }) => ({
    answer: (answer, status) =>
      request === 'enforce' && (status !== '415' || contentType !== 'any') ? answer : undefined,
  }),
  instance: 'operation',
  lower(options, scope) {
    const { request = 'enforce', contentType, details = 'masked', maxErrors = 10 } = options
    if (request === 'off') return undefined
    const documentFormats = scope.node.tree.root.path('x-proxy', 'validate', 'formats')?.string
    if (options.formats !== documentFormats) {
      const gaps = { key: 'validate.formats', level: 'a path item or an operation', levels: ['the document'] }
      scope.report('wrong-level', scope.node, gaps)
    }
    const decode = new SchemaDecode(scope, options.formats)
    const limits = limitsOf(scope)
    const undeclared = places.filter(
      (place) => (options.unknown?.[place] ?? unknownDefaults[place]) !== unknownDefaults[place],
    )
    const credentials = credentialsOf(scope.contract.security ?? [])
    return [
      {
        ...lowerParameters(scope, decode),
        ...lowerQuerystring(scope, decode),
        ...lowerBody(scope, decode),
        ...(request === 'detect' ? { mode: request } : {}),
        ...(undeclared.length === 0
          ? {}
          : { unknown: Object.fromEntries(undeclared.map((place) => [place, options.unknown![place]!])) }),
        ...(credentials === undefined ? {} : { credentials }),
        ...(contentType === 'any' ? { contentType } : {}),
        ...(details === 'masked' ? {} : { details }),
        ...(maxErrors === 10 ? {} : { maxErrors }),
        ...limits,
      },
    ]
  },
})

/**
 * Where API keys travel. A verified key is taken out before this policy sees the request; one that is only looked for stays
 * where it is, and must not count as unknown.
 */
function credentialsOf(security: readonly SecurityRequirement[]) {
  const names: Record<'query' | 'header' | 'cookie', Set<string>> = {
    query: new Set(),
    header: new Set(),
    cookie: new Set(),
  }
  for (const { scheme } of security.flat()) {
    if (scheme.in === undefined || scheme.parameterName === undefined) continue
    names[scheme.in].add(scheme.in === 'header' ? scheme.parameterName.toLowerCase() : scheme.parameterName)
  }
  const used = Object.entries(names).filter(([, set]) => set.size > 0)
  return used.length === 0 ? undefined : Object.fromEntries(used.map(([place, set]) => [place, [...set]]))
}

/** `server.limits` of the operation, where they differ from what the runtime does unasked. */
function limitsOf(scope: OperationScope): { jsonDepth?: number; arrayItems?: number; multipartParts?: number } {
  const limits = scope.node.tree.root.path('x-proxy', 'server', 'limits')
  const depth = limits?.get('jsonDepth')?.number
  const items = limits?.get('arrayItems')?.number
  const parts = limits?.get('multipartParts')?.number
  return {
    ...(depth === undefined || depth === 64 ? {} : { jsonDepth: depth }),
    ...(parts === undefined || parts === 100 ? {} : { multipartParts: parts }),
    ...(items === undefined || items === 10_000 ? {} : { arrayItems: items }),
  }
}

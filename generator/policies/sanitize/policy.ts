import type { SanitizeOptions } from '../../../runtime/policies/sanitize/options.ts'
import type { sanitize } from '../../../runtime/policies/sanitize/sanitize.ts'
import type { MediaContract, ResponseContract } from '../../model/contract.ts'
import type { Lowered } from '../../model/service-plan.ts'
import { definePolicy, type OperationScope } from '../define.ts'
import { isJson, isXml, mediaKey, rangeHoldsJson } from '../media-types.ts'
import { restrictionsOf } from '../restrictions.ts'
import { bytes } from '../units.ts'
import { type Detect, detectOptions, lowerDetect } from './detect.ts'
import { isOpaque } from './is-opaque.ts'
import { plannerFor, type Shape, type ShapePlanner } from './plan-shapes.ts'
import { publishSanitized, removedByDefault } from './publish.ts'

interface Options {
  readonly undeclared?: 'pass' | 'strip' | 'block'
  readonly headers?: { readonly remove?: readonly string[]; readonly allow?: readonly string[] }
  readonly hide5xx?: boolean
  readonly detect?: Detect
  readonly action?: 'mask' | 'strip' | 'block'
  readonly limits?: { readonly size?: string; readonly depth?: number }
}

const names = (description: string) =>
  ({
    type: 'array',
    items: { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
    uniqueItems: true,
    description,
  }) as const

export default definePolicy<typeof sanitize, Options>({
  name: 'sanitize',
  summary: 'Keeps in what answers must not tell: undeclared members and fields, failures, secrets, personal data.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    properties: {
      undeclared: {
        enum: ['pass', 'strip', 'block'],
        default: 'pass',
        description:
          'Members of JSON bodies that the response schema does not declare: they stay, are taken out, or make the answer a 502. Bodies of which nothing is declared are treated alike.',
      },
      headers: {
        type: 'object',
        description: 'Which fields of the answer go on.',
        properties: {
          remove: { ...names('Fields that are taken out.'), default: removedByDefault },
          allow: names(
            'Fields that stay, beside those HTTP itself needs and those the response declares; all others are taken out. Default: all stay.',
          ),
        },
        additionalProperties: false,
      },
      hide5xx: {
        type: 'boolean',
        default: true,
        description: 'Whether the body of a 5xx of the upstream is replaced by a problem that tells its status only.',
      },
      detect: detectOptions,
      action: {
        enum: ['mask', 'strip', 'block'],
        default: 'mask',
        description: 'What becomes of what is detected: `***` instead of it, the member or item taken out, or 502.',
      },
      limits: {
        type: 'object',
        description: 'What one body may ask for where it is looked into; beyond it the answer is 502.',
        properties: {
          size: { type: 'string', format: 'size', default: '16MiB' },
          depth: {
            type: 'integer',
            minimum: 1,
            maximum: 1000,
            default: 256,
            description: 'Arrays and objects within each other.',
          },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  // Nothing is done unasked, but roles on a property are a question too.
  default: {},
  publish: publishSanitized,
  answers: {
    502: 'The upstream answer cannot be read, or holds what must not leave.',
    '5XX': 'The upstream has failed; no more is told of it.',
  },
  instance: 'operation',
  lower(options, scope) {
    const isAsked = scope.node !== scope.contract.node
    // Most documents know no roles: then nothing more is looked at.
    if (!isAsked && !restrictionsOf(scope.contract.node.tree.root).byRole) return undefined
    const restrictions = restrictionsIn(scope)
    if (!isAsked && !restrictions.byRole) return undefined
    const { undeclared = 'pass', headers = {}, action, limits = {}, detect } = options
    const planner = plannerFor(scope, undeclared === 'pass' ? 'pass' : 'strip')
    if (restrictions.byRole) checkCache(scope)
    const responses = scope.contract.responses.map(
      (one) => [one.status, lowerResponse(one, options, scope, planner)] as const,
    )
    const removed = headers.remove ?? (isAsked ? removedByDefault : [])
    const found = detect === undefined ? undefined : lowerDetect(detect, scope)
    const hasShapes = responses.some(([, { content = {} }]) => Object.values(content).some((one) => 'shape' in one))
    const lowered: Lowered<SanitizeOptions> = {
      undeclared,
      ...(removed.length === 0 ? {} : { removeHeaders: removed }),
      ...(headers.allow === undefined ? {} : { allowHeaders: headers.allow }),
      hide5xx: isAsked && options.hide5xx !== false,
      ...(found === undefined ? {} : { detect: found, action: action ?? 'mask' }),
      ...(limits.size === undefined ? {} : { maxSize: bytes(limits.size) }),
      ...(limits.depth === undefined ? {} : { maxDepth: limits.depth }),
      ...(restrictions.byRole ? { vary: credentialFields(scope) } : {}),
      ...(hasShapes ? { shapes: planner.reference(scope) } : {}),
      responses: Object.fromEntries(responses) as Lowered<SanitizeOptions['responses']>,
    }
    return [lowered]
  },
})

function restrictionsIn({ contract }: OperationScope) {
  const all = contract.responses.flatMap(({ content }) =>
    content.flatMap(({ schema, itemSchema }) => [restrictionsOf(schema), restrictionsOf(itemSchema)]),
  )
  return { byRole: all.some(({ byRole }) => byRole) }
}

interface LoweredResponse {
  readonly content?: Readonly<Record<string, LoweredMedia>>
  readonly headers?: readonly string[]
}

type LoweredMedia =
  | { readonly shape: Shape; readonly isRestricted?: true }
  | { readonly isOpaque: true }
  | Readonly<Record<string, never>>

function lowerResponse(
  { content, headers }: ResponseContract,
  options: Options,
  scope: OperationScope,
  planner: ShapePlanner,
): LoweredResponse {
  const media = new Map<string, LoweredMedia>()
  for (const one of content) {
    const json = isJson(one.mediaType)
    media.set(mediaKey(one), json ? lowerJson(one, options, scope, planner) : lowerOther(one, options, scope))
    const isDeclared = content.some(({ mediaType }) => mediaType === 'application/json')
    const isRange = rangeHoldsJson(one.mediaType) || one.mediaType.endsWith('+json')
    // What a range holds, and what xmlToJson makes of XML, is JSON of the same schema.
    const isConverted = isXml(one.mediaType) && scope.optionsOf('xmlToJson') !== undefined
    if (!json && !isDeclared && (isRange || isConverted)) {
      media.set('application/json', lowerJson(one, options, scope, planner))
    }
  }
  const named = options.headers?.allow === undefined ? [] : headers.map(({ name }) => name)
  const isNeeded = content.length > 0 || named.length > 0 || (options.undeclared ?? 'pass') !== 'pass'
  return {
    ...(media.size === 0 || !isNeeded ? {} : { content: Object.fromEntries(media) }),
    ...(named.length === 0 ? {} : { headers: named }),
  }
}

/** A shape where something may have to be taken out. */
function lowerJson(
  { schema }: MediaContract,
  { undeclared = 'pass', detect }: Options,
  scope: OperationScope,
  planner: ShapePlanner,
): LoweredMedia {
  const { hides, byRole } = restrictionsOf(schema)
  // What is detected is told by the names of what is declared.
  if (undeclared === 'pass' && !hides && !byRole && detect === undefined) return {}
  const shape = planner.shape(schema, scope)
  return shape === 'any' && undeclared === 'pass' ? {} : { shape, ...(hides || byRole ? { isRestricted: true } : {}) }
}

/** What is no JSON passes as it is where its schema has no members to look at. */
function lowerOther(media: MediaContract, { undeclared = 'pass' }: Options, scope: OperationScope): LoweredMedia {
  if (!isOpaque(media, undeclared)) return {}
  const { mediaType, node } = media
  const isConverted = isXml(mediaType) && scope.optionsOf('xmlToJson') !== undefined
  if (!isConverted && !rangeHoldsJson(mediaType)) scope.report('response-unreadable', node, { mediaType })
  return { isOpaque: true }
}

/** What one role may see must not be given to another: such answers are kept by consumer or not at all. */
function checkCache(scope: OperationScope): void {
  const cache = scope.optionsOf('cache')
  const { method } = scope.contract
  if (cache === undefined || !['GET', 'HEAD', 'QUERY'].includes(method)) return
  const key = cache['key'] as { readonly consumer?: string } | undefined
  if (key?.consumer !== 'always') scope.report('cache-by-role', scope.contract.node, { operation: scope.contract.id })
}

/** The fields that say who calls, for caches further out. */
function credentialFields({ contract }: OperationScope): string[] {
  const schemes = (contract.security ?? []).flatMap((all) => all.map(({ scheme }) => scheme))
  const fields = schemes.flatMap((scheme) => {
    if (scheme.type !== 'apiKey') return ['Authorization']
    if (scheme.in === 'header') return [scheme.parameterName ?? 'Authorization']
    return scheme.in === 'cookie' ? ['Cookie'] : []
  })
  return [...new Set(fields)]
}

import type { xmlToJson } from '../../../runtime/policies/xml-to-json/xml-to-json.ts'
import { checkFlat } from '../../xml/check-flat.ts'
import { sharedShapes } from '../../xml/plan-shapes.ts'
import { definePolicy, type OperationScope } from '../define.ts'
import { isJson, isXml } from '../media-types.ts'
import { bytes } from '../units.ts'
import { isWrittenAsText } from '../written-as-text.ts'
import { planResponses } from './plan-responses.ts'
import { isHeldBack, publishConverted } from './publish.ts'

interface Options {
  readonly unwrap?: 'none' | 'root' | 'soap'
  readonly unknown?: 'drop' | 'reject'
  readonly int64?: 'number' | 'string'
  readonly emptyArrays?: 'omit' | 'include'
  readonly nonFinite?: 'reject' | 'string'
  readonly arrays?: readonly string[]
  readonly limits?: { readonly size?: string; readonly depth?: number }
}

export default definePolicy<typeof xmlToJson, Options>({
  name: 'xmlToJson',
  summary: 'Turns XML answers of the upstream into JSON, led by the response schema and its `xml` objects.',
  levels: ['document', 'path', 'operation'],
  instance: 'operation',
  options: {
    type: 'object',
    properties: {
      unwrap: {
        enum: ['none', 'root', 'soap'],
        default: 'none',
        description:
          'What stands round the value: nothing; a root element whose child is the value (`<OpResponse><OpResult>`); a SOAP 1.1 or 1.2 envelope, whose faults become problems.',
      },
      unknown: {
        enum: ['drop', 'reject'],
        default: 'drop',
        description: 'What becomes of elements the schema does not declare; `reject` answers 502.',
      },
      int64: {
        enum: ['number', 'string'],
        default: 'number',
        description: 'How integers of format int64 are written. Their digits are kept either way.',
      },
      emptyArrays: {
        enum: ['omit', 'include'],
        default: 'omit',
        description: 'Whether arrays that the document does not mention are written as `[]`.',
      },
      nonFinite: {
        enum: ['reject', 'string'],
        default: 'reject',
        description:
          'What becomes of INF and NaN, which JSON has no numbers for: 502, or the strings "Infinity" and "NaN".',
      },
      arrays: {
        type: 'array',
        items: { type: 'string', pattern: '^[^/\\s]+(/[^/\\s]+)*$' },
        uniqueItems: true,
        description:
          'Where there is no schema: paths of local names below the root element that are arrays however often they occur, e.g. `channel/item`.',
      },
      limits: {
        type: 'object',
        description: 'What one document may ask for; beyond it the answer is 502.',
        properties: {
          size: { type: 'string', format: 'size', default: '64MiB' },
          depth: {
            type: 'integer',
            minimum: 1,
            maximum: 1000,
            default: 100,
            description: 'Elements within each other.',
          },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  publish: publishConverted,
  answers: {
    406: 'No media type that is offered is acceptable.',
    500: 'The upstream has reported a fault.',
    502: 'The upstream answer cannot be read, or does not meet the contract.',
  },
  lower(options, scope) {
    const { int64 = 'number' } = options
    const plan = planResponses(scope.contract, sharedShapes(scope))
    // Where no response has anything to do with XML there is nothing to do, but faults come whatever is declared.
    if (Object.keys(plan.responses).length === 0 && options.unwrap !== 'soap') return undefined
    if (scope.optionsOf('validateResponse')?.['response'] === 'enforce' && isAnyText(scope)) {
      scope.report('xml-int64-enforced', scope.node, {})
    }
    for (const [status, { root }] of Object.entries(plan.responses)) {
      const where = scope.contract.responses.find((one) => one.status === status)?.node ?? scope.contract.node
      checkFlat(root, sharedShapes(scope), true, (property, problem) =>
        scope.report('xml-node-none', where, { property, problem }),
      )
    }
    return [
      {
        unwrap: options.unwrap ?? 'none',
        unknown: options.unknown ?? 'drop',
        int64,
        emptyArrays: options.emptyArrays ?? 'omit',
        ...(options.nonFinite === undefined ? {} : { nonFinite: options.nonFinite }),
        ...(options.arrays === undefined ? {} : { arrays: options.arrays }),
        ...(options.limits?.size === undefined ? {} : { maxSize: bytes(options.limits.size) }),
        ...(options.limits?.depth === undefined ? {} : { maxDepth: options.limits.depth }),
        ...(plan.originals.length === 0 || isHeldBack(scope) ? {} : { originals: plan.originals }),
        ...(plan.others.length === 0 ? {} : { others: plan.others }),
        ...(plan.bare.length === 0 ? {} : { bare: plan.bare }),
        responses: plan.responses,
      },
    ]
  },
})

/** Whether some answer has integers that are written as text. */
function isAnyText({ contract, optionsOf }: OperationScope): boolean {
  const converted = optionsOf('xmlToJson')
  return contract.responses.some(({ content }) =>
    content.some(
      ({ mediaType, schema }) => (isJson(mediaType) || isXml(mediaType)) && isWrittenAsText(schema, converted),
    ),
  )
}

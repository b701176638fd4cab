import type {
  DeclaredResponse,
  validateResponse,
} from '../../../runtime/policies/validate-response/validate-response.ts'
import type { Parameter } from '../../../runtime/validation/parameter.ts'
import type { HeaderContract, ResponseContract } from '../../model/contract.ts'
import type { Lowered } from '../../model/service-plan.ts'
import { definePolicy, type OperationScope } from '../define.ts'
import { isJson, isXml, mediaKey, rangeHoldsJson, sequenceOf } from '../media-types.ts'
import { SchemaDecode } from '../schema-decode.ts'
import { isWrittenAsText } from '../written-as-text.ts'

interface Options {
  readonly response?: 'enforce' | 'detect' | 'off'
  readonly undeclaredStatus?: 'pass' | 'detect' | 'block'
  readonly formats?: 'assert' | 'annotate'
}

export default definePolicy<typeof validateResponse, Options>({
  name: 'validateResponse',
  key: 'validate',
  summary: 'Notes, or refuses to pass on, upstream answers that do not meet the contract.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    properties: {
      response: {
        enum: ['enforce', 'detect', 'off'],
        default: 'detect',
        description: 'Upstream answers: replaced by 502, noted in log and metrics, or not looked at.',
      },
      undeclaredStatus: {
        enum: ['pass', 'detect', 'block'],
        default: 'detect',
        description: 'Answers of a status that the document does not declare.',
      },
    },
    additionalProperties: false,
  },
  default: {},
  answers: { 502: 'The upstream cannot be reached, or its answer does not meet the contract.' },
  instance: 'operation',
  lower(options, scope) {
    const { response = 'detect', undeclaredStatus = 'detect' } = options
    if (response === 'off') return undefined
    const decode = new SchemaDecode(scope, options.formats)
    const responses = scope.contract.responses.map((one) => [one.status, lowerResponse(one, scope, decode)] as const)
    return [
      {
        responses: Object.fromEntries(responses),
        ...(response === 'enforce' ? { mode: response } : {}),
        ...(undeclaredStatus === 'detect' ? {} : { undeclaredStatus }),
      },
    ]
  },
})

function lowerResponse(
  { status, content, headers }: ResponseContract,
  scope: OperationScope,
  decode: SchemaDecode,
): Lowered<DeclaredResponse> {
  const media = new Map<string, Lowered<NonNullable<DeclaredResponse['content']>[string]>>()
  const converted = scope.optionsOf('xmlToJson')
  for (const one of content) {
    const { schema, itemSchema } = one
    const sequence = itemSchema === undefined ? undefined : sequenceOf(one.mediaType)
    if (itemSchema !== undefined && sequence !== undefined) {
      const items = scope.validator(itemSchema, 'response', `${status} response item`)
      media.set(mediaKey(one), {
        items: scope.runtime('validation/sequence-streams', `${sequence}Stream`),
        schema: items,
      })
      continue
    }
    const hint = isJson(one.mediaType) ? `${status} response` : `${status} ${one.mediaType.split('/')[1]} response`
    const isJudged = schema !== undefined && !isWrittenAsText(schema, converted)
    const checked = isJudged ? { schema: scope.validator(schema, 'response', hint) } : {}
    media.set(mediaKey(one), isJson(one.mediaType) ? checked : {})
    // A schema under a range can judge what is JSON among it.
    const isDeclared = content.some(({ mediaType }) => mediaType === 'application/json')
    if (schema !== undefined && rangeHoldsJson(one.mediaType) && !isDeclared) media.set('application/json', checked)
  }
  const xml = content.find(({ mediaType }) => isXml(mediaType))
  // What xmlToJson makes of an answer has the schema of the XML, unless its integers are text by choice.
  if (converted !== undefined && xml !== undefined && !content.some(({ mediaType }) => isJson(mediaType))) {
    const isExact = xml.schema === undefined || isWrittenAsText(xml.schema, converted)
    media.set(
      'application/json',
      isExact ? {} : { schema: scope.validator(xml.schema!, 'response', `${status} response`) },
    )
  }
  const fields = headers.map((header) => lowerHeader(header, status, scope, decode)).filter((one) => one !== undefined)
  return {
    ...(media.size === 0 ? {} : { content: Object.fromEntries(media) }),
    ...(fields.length === 0 ? {} : { headers: fields }),
  }
}

/** Undefined where any value will do, and none. */
function lowerHeader(
  header: HeaderContract,
  status: string,
  scope: OperationScope,
  decode: SchemaDecode,
): Lowered<Parameter> | undefined {
  const { name, required, explode, schema, content } = header
  const checked = content === undefined ? schema : content.schema
  const read = content === undefined ? decode.of(schema) : isJson(content.mediaType) ? decode.scalar('json') : undefined
  const isExact = content === undefined ? decode.isExact(schema) : checked === undefined
  if (!required && read === undefined && isExact) return undefined
  return {
    name,
    ...(required ? { required } : {}),
    ...(explode && read !== undefined && !('to' in read) ? { explode } : {}),
    ...(read === undefined ? {} : { decode: read }),
    ...(checked === undefined || isExact
      ? {}
      : { schema: scope.validator(checked, 'response', `${status} ${name} header`) }),
  }
}

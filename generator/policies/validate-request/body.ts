import type { MediaOptions } from '../../../runtime/policies/validate-request/body.ts'
import type { ValidateRequestOptions } from '../../../runtime/policies/validate-request/validate-request.ts'
import type { Field, MediaReading } from '../../../runtime/validation/body-readers.ts'
import type { MediaContract } from '../../model/contract.ts'
import type { Lowered } from '../../model/service-plan.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import type { OperationScope } from '../define.ts'
import { isJson, mediaKey, rangeHoldsJson } from '../media-types.ts'
import type { SchemaDecode } from '../schema-decode.ts'
import { partsOf, typesOf } from '../schema-types.ts'

export function lowerBody(scope: OperationScope, decode: SchemaDecode): Lowered<Pick<ValidateRequestOptions, 'body'>> {
  const { requestBody } = scope.contract
  if (requestBody === undefined) return {}
  const content = new Map<string, Lowered<MediaOptions>>()
  for (const media of requestBody.content) {
    content.set(mediaKey(media), lowerMedia(media, scope, decode))
    // A schema under a range can judge what is JSON or text among it; the rest of the range is streamed unread.
    for (const mediaType of rangeHoldsJson(media.mediaType) ? ['application/json', form] : []) {
      if (requestBody.content.some((other) => other.mediaType === mediaType)) continue
      content.set(mediaType, lowerMedia({ ...media, mediaType }, scope, decode))
    }
  }
  return {
    body: { ...(requestBody.required ? { required: true } : {}), content: Object.fromEntries(content) },
  }
}

const form = 'application/x-www-form-urlencoded'
/** Nothing where nothing is to be checked: such a body is streamed unread. */
function lowerMedia(media: MediaContract, scope: OperationScope, decode: SchemaDecode): Lowered<MediaOptions> {
  const { mediaType, schema } = media
  const reader = readerOf(mediaType)
  if (schema === undefined || reader === undefined) return {}
  if (reader === 'textBody' && !admitsText(schema)) return {}
  const hint = reader === 'jsonBody' ? 'body' : `${mediaType.split('/')[1]} body`
  return {
    read: scope.runtime('validation/body-readers', reader),
    ...(reader === 'formBody' ? lowerFields(media, decode) : {}),
    schema: scope.validator(schema, 'request', hint),
  }
}

function readerOf(mediaType: string): 'jsonBody' | 'formBody' | 'textBody' | undefined {
  if (isJson(mediaType)) return 'jsonBody'
  if (mediaType === form) return 'formBody'
  return mediaType === 'text/plain' ? 'textBody' : undefined
}

function admitsText(schema: SpecNode): boolean {
  return typesOf(schema)?.has('string') ?? true
}

/** How the fields of a form are written: by `encoding`, else structures as JSON and lists field by field. */
export function lowerFields(media: MediaContract, decode: SchemaDecode): Lowered<MediaReading> {
  const parts = partsOf(media.schema)
  const fields = new Map<string, Lowered<Field>>()
  for (const part of parts) {
    for (const [name, schema] of part.at('properties')?.entries() ?? []) {
      if (!fields.has(name)) fields.set(name, lowerField(name, schema, media, decode))
    }
  }
  const others = parts.map((part) => part.at('additionalProperties')).find((schema) => schema !== undefined)
  const open = others !== undefined && others.value !== false
  return {
    fields: [...fields.values()],
    ...(open ? { otherFields: decode.of(others) ?? decode.scalar('string') } : {}),
  }
}

function lowerField(name: string, schema: SpecNode, media: MediaContract, decode: SchemaDecode): Lowered<Field> {
  const encoding = media.encoding[name]
  const written = media.node.path('encoding', name)
  const styled = ['style', 'explode', 'allowReserved'].some((key) => written?.at(key) !== undefined)
  const asJson = encoding?.contentType?.some(isJson) ?? typesOf(schema)?.has('object') ?? false
  if (asJson && !styled) return { name, decode: decode.scalar('json') }
  const read = decode.of(schema)
  const { style = 'form', explode = true } = styled && encoding !== undefined ? encoding : {}
  return {
    name,
    ...(style === 'form' ? {} : { style }),
    ...(explode === (style === 'form') || style === 'deepObject' ? {} : { explode }),
    ...(read === undefined ? {} : { decode: read }),
    ...(styled && encoding?.allowReserved === true ? { allowReserved: true } : {}),
  }
}

import type { MediaOptions } from '../../../runtime/policies/validate-request/body.ts'
import type { ValidateRequestOptions } from '../../../runtime/policies/validate-request/validate-request.ts'
import type { Field, MediaReading } from '../../../runtime/validation/body-readers.ts'
import type { MediaContract } from '../../model/contract.ts'
import type { Lowered } from '../../model/service-plan.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import type { OperationScope } from '../define.ts'
import { isJson, isXml, mediaKey, rangeHoldsJson, sequenceOf } from '../media-types.ts'
import type { SchemaDecode } from '../schema-decode.ts'
import { partsOf, typesOf } from '../schema-types.ts'

export function lowerBody(scope: OperationScope, decode: SchemaDecode): Lowered<Pick<ValidateRequestOptions, 'body'>> {
  const { requestBody } = scope.contract
  if (requestBody === undefined) return {}
  const content = new Map<string, Lowered<MediaOptions>>()
  for (const media of withJson(requestBody.content, scope)) {
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

/** What jsonToXml makes XML of is sent as JSON of the same schema. */
function withJson(content: readonly MediaContract[], scope: OperationScope): readonly MediaContract[] {
  const xml = content.find(({ mediaType }) => isXml(mediaType))
  const isWritten = xml !== undefined && scope.optionsOf('jsonToXml') !== undefined
  if (!isWritten || content.some(({ mediaType }) => isJson(mediaType))) return content
  return [{ ...xml, mediaType: 'application/json', parameters: {} }, ...content]
}

const form = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data'

/** Nothing where nothing is to be checked: such a body is streamed unread. */
function lowerMedia(media: MediaContract, scope: OperationScope, decode: SchemaDecode): Lowered<MediaOptions> {
  const { mediaType, schema, itemSchema } = media
  const sequence = itemSchema === undefined ? undefined : sequenceOf(mediaType)
  if (itemSchema !== undefined && sequence !== undefined) {
    return {
      read: scope.runtime('validation/sequence-bodies', `${sequence}Body`),
      itemSchema: scope.validator(itemSchema, 'request', 'body item'),
      ...(schema === undefined ? {} : { schema: scope.validator(schema, 'request', 'body items') }),
    }
  }
  const reader = readerOf(mediaType)
  if (schema === undefined || reader === undefined) return {}
  if (reader === 'textBody' && !admitsText(schema)) return {}
  return {
    read: scope.runtime('validation/body-readers', reader),
    ...(reader === 'formBody' || reader === 'multipartBody' ? lowerFields(media, decode) : {}),
    schema: scope.validator(schema, 'request', hints[reader]),
  }
}

type Reader = 'jsonBody' | 'formBody' | 'multipartBody' | 'textBody'

const hints: Readonly<Record<Reader, string>> = {
  jsonBody: 'body',
  formBody: 'form body',
  multipartBody: 'multipart body',
  textBody: 'text body',
}

function readerOf(mediaType: string): Reader | undefined {
  if (isJson(mediaType)) return 'jsonBody'
  if (mediaType === form) return 'formBody'
  if (mediaType === multipart) return 'multipartBody'
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
  // What a form must have is declared, even where nothing more is said of it.
  for (const name of parts.flatMap((part) => part.at('required')?.items() ?? [])) {
    if (name.string !== undefined && !fields.has(name.string)) fields.set(name.string, { name: name.string })
  }
  const others = parts.map((part) => part.at('additionalProperties')).find((schema) => schema !== undefined)
  // A form of which nothing is said at all takes anything.
  const isOpen = others === undefined ? fields.size === 0 : others.value !== false
  return {
    fields: [...fields.values()],
    ...(isOpen ? { otherFields: decode.of(others) ?? decode.scalar('string') } : {}),
  }
}

function lowerField(name: string, schema: SpecNode, media: MediaContract, decode: SchemaDecode): Lowered<Field> {
  const encoding = media.encoding[name]
  const written = media.node.path('encoding', name)
  const isStyled = ['style', 'explode', 'allowReserved'].some((key) => written?.at(key) !== undefined)
  const isMultipart = media.mediaType === multipart
  if (isMultipart && !isStyled) return lowerPart(name, schema, encoding?.contentType, decode)
  const asJson = encoding?.contentType?.some(isJson) ?? false
  if (asJson && !isStyled) return { name, decode: decode.scalar('json') }
  const own = isStyled ? decode.of(schema) : decode.ofField(schema)
  // Before 3.1 a part has no style (OpenAPI 3.0 §4.7.15.1): a structure may come in one part as well.
  const isShape = isMultipart && own !== undefined && 'properties' in own
  const read = isShape ? { anyOf: [own, decode.scalar('structure')] } : own
  const { style = 'form', explode = true } = isStyled && encoding !== undefined ? encoding : {}
  return {
    name,
    ...(style === 'form' ? {} : { style }),
    ...(explode === (style === 'form') || style === 'deepObject' ? {} : { explode }),
    ...(read === undefined ? {} : { decode: read }),
    ...(isStyled && encoding?.allowReserved === true ? { allowReserved: true } : {}),
  }
}

/** A part: structures are JSON, items of a list are parts of one name, and what is no text is bytes. */
function lowerPart(
  name: string,
  schema: SpecNode,
  contentType: readonly string[] | undefined,
  decode: SchemaDecode,
): Lowered<Field> {
  const items = itemsOf(schema)
  const one = items ?? schema
  const asJson = contentType?.every(isJson) ?? false
  const isBinary = !asJson && isBytes(one)
  const read = asJson ? decode.scalar('json') : isBinary ? undefined : decode.ofField(one)
  return {
    name,
    ...(contentType === undefined ? {} : { contentType }),
    ...(isBinary ? { binary: true } : {}),
    ...(items === undefined
      ? read === undefined
        ? {}
        : { decode: read }
      : { decode: { items: read ?? decode.scalar('string') } }),
  }
}

/** What the items of a list are; undefined where it is no list, or may be something else. */
function itemsOf(schema: SpecNode): SpecNode | undefined {
  const types = typesOf(schema)
  if (types?.has('array') !== true || types.size > 1) return undefined
  return partsOf(schema)
    .map((part) => part.at('items'))
    .find(Boolean)
}

/** `format: binary` of 3.0, `contentMediaType` of 3.1, or nothing said at all (OpenAPI 3.1 §4.8.14.1). */
function isBytes(schema: SpecNode): boolean {
  const parts = partsOf(schema)
  if (parts.some((part) => part.at('format')?.string === 'binary' || part.at('contentMediaType') !== undefined))
    return true
  return typesOf(schema) === undefined
}

import type { QuerystringOptions } from '../../../runtime/policies/validate-request/query.ts'
import type { ValidateRequestOptions } from '../../../runtime/policies/validate-request/validate-request.ts'
import type { Decode } from '../../../runtime/validation/decode.ts'
import type { Parameter } from '../../../runtime/validation/parameter.ts'
import type { ParameterContract } from '../../model/contract.ts'
import type { Lowered } from '../../model/service-plan.ts'
import type { OperationScope } from '../define.ts'
import { isJson } from '../media-types.ts'
import type { SchemaDecode } from '../schema-decode.ts'
import { lowerFields } from './body.ts'

type Place = 'path' | 'query' | 'header' | 'cookie'

const defaultStyle: Readonly<Record<Place, string>> = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  cookie: 'form',
}

/** The parameters by place; places without any are left out. */
export function lowerParameters(
  scope: OperationScope,
  decode: SchemaDecode,
): Lowered<Pick<ValidateRequestOptions, Place | 'adjacent'>> {
  const { parameters, path } = scope.contract
  const within = (place: Place): readonly ParameterContract[] => parameters.filter((one) => one.in === place)
  // A variable nobody has declared is a string, at its place in the template.
  const variables = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!)
  const pathParameters = variables.map((written) => {
    // `{;id*}` says as RFC 6570 what the parameter's style and explode say; 2-check has warned.
    const bare = written.replace(/^[.;]|\*$/g, '')
    return (
      within('path').find(({ name }) => name === written) ?? within('path').find(({ name }) => name === bare) ?? written
    )
  })
  const lowered: readonly (readonly [Place, readonly Lowered<Parameter>[]])[] = [
    [
      'path',
      pathParameters.map((one) => (typeof one === 'string' ? { name: one } : lowerParameter(one, scope, decode))),
    ],
    ...(['query', 'header', 'cookie'] as const).map(
      (place) => [place, within(place).map((one) => lowerParameter(one, scope, decode))] as const,
    ),
  ]
  const adjacent = variables.flatMap((_, index) => (followsVariable(path, index) ? [index] : []))
  return {
    ...Object.fromEntries(lowered.filter(([, list]) => list.length > 0)),
    ...(adjacent.length > 0 ? { adjacent } : {}),
  }
}

/** Whether nothing stands between a variable of the template and the one before. */
function followsVariable(path: string, index: number): boolean {
  const texts = path.split(/\{[^{}]+\}/)
  return index > 0 && texts[index] === ''
}

function lowerParameter(parameter: ParameterContract, scope: OperationScope, decode: SchemaDecode): Lowered<Parameter> {
  const { name, required, style, explode, schema, content } = parameter
  const place = parameter.in as Place
  const styled = content === undefined
  const checked = styled ? schema : content.schema
  const read = styled ? decode.of(schema) : isJson(content.mediaType) ? decode.scalar('json') : undefined
  const isExact = styled ? decode.isExact(schema) : checked === undefined
  return {
    name,
    ...(required && place !== 'path' ? { required } : {}),
    ...(styled && style !== defaultStyle[place] ? { style } : {}),
    ...(styled && explodeMatters(read, explode, style) ? { explode } : {}),
    ...(read === undefined ? {} : { decode: read }),
    ...(checked === undefined || isExact ? {} : { schema: scope.validator(checked, 'request', `${name} ${place}`) }),
    ...(parameter.allowReserved ? { allowReserved: true } : {}),
    ...(parameter.allowEmptyValue ? { allowEmptyValue: true } : {}),
  }
}

/** `explode` is worth writing only where it is not the style's default and there is something to explode. */
function explodeMatters(decode: Lowered<Decode> | undefined, explode: boolean, style: string): boolean {
  const byDefault = style === 'form' || style === 'cookie'
  return decode !== undefined && explode !== byDefault && style !== 'deepObject' && hasStructure(decode)
}

function hasStructure(decode: Lowered<Decode>): boolean {
  return 'items' in decode || 'properties' in decode || 'anyOf' in decode
}

/** OpenAPI 3.2 `in: querystring`. */
export function lowerQuerystring(
  scope: OperationScope,
  decode: SchemaDecode,
): Lowered<Pick<ValidateRequestOptions, 'querystring'>> {
  const parameter = scope.contract.parameters.find((one) => one.in === 'querystring')
  const media = parameter?.content
  if (parameter === undefined || media === undefined) return {}
  const isForm = media.mediaType === 'application/x-www-form-urlencoded'
  const reader = isForm ? 'formBody' : isJson(media.mediaType) ? 'jsonBody' : 'textBody'
  const querystring: Lowered<QuerystringOptions> = {
    name: parameter.name,
    ...(parameter.required ? { required: true } : {}),
    read: scope.runtime('validation/body-readers', reader),
    ...(isForm ? lowerFields(media, decode) : { encoded: true }),
    ...(media.schema === undefined ? {} : { schema: scope.validator(media.schema, 'request', 'querystring') }),
  }
  return { querystring }
}

import type { Located, SourceDocument } from './source-document.ts'
import type { SourceBody, SourceMedia, SourceParameter } from './source-operation.ts'

/** A parameter of 2.0: it is its own schema, and `collectionFormat` says how lists are written. */
export function swaggerParameter(source: SourceDocument, at: Located): SourceParameter[] {
  const text = (key: string): string => String(source.at(at, key)?.value ?? '')
  const place = text('in')
  if (!['path', 'query', 'header'].includes(place)) return []
  const [style, explode] = collection(text('collectionFormat') || 'csv', place)
  return [
    {
      name: text('name'),
      in: place as SourceParameter['in'],
      required: place === 'path' || source.at(at, 'required')?.value === true,
      style,
      explode,
      allowReserved: false,
      allowEmptyValue: source.at(at, 'allowEmptyValue')?.value === true,
      // 2.0 has no schema here; what is written there all the same is meant.
      schema: source.at(at, 'schema') ?? at,
      mediaType: undefined,
      examples: [source.at(at, 'x-example')?.value].filter((value) => value !== undefined),
    },
  ]
}

function collection(format: string, place: string): [string, boolean] {
  switch (format) {
    case 'ssv':
      return ['spaceDelimited', false]
    case 'pipes':
      return ['pipeDelimited', false]
    case 'multi':
      return ['form', true]
    case 'tsv':
      return ['tabDelimited', false]
    default:
      return [place === 'query' ? 'form' : 'simple', false]
  }
}

/** The `body` parameter, or the `formData` parameters as one form. */
export function swaggerBody(
  source: SourceDocument,
  operation: Located,
  parameters: readonly Located[],
): SourceBody | undefined {
  const placed = (place: string): Located[] => parameters.filter((one) => source.at(one, 'in')?.value === place)
  const consumes = source
    .items(source.get(operation, 'consumes') ?? source.get(source.root, 'consumes'))
    .map(({ value }) => String(value))
  const [body] = placed('body')
  if (body !== undefined) {
    const types = consumes.length > 0 ? consumes : ['application/json']
    const schema = source.at(body, 'schema')
    const content = types.map((mediaType): SourceMedia => ({ mediaType, schema, examples: [], encoding: undefined }))
    return { required: source.at(body, 'required')?.value === true, content }
  }
  const fields = placed('formData')
  if (fields.length === 0) return undefined
  const hasFile = fields.some((field) => source.at(field, 'type')?.value === 'file')
  const forms = consumes.filter((type) => /^(multipart\/|application\/x-www-form-urlencoded)/i.test(type))
  const types = forms.length > 0 ? forms : [hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded']
  const named = fields.map((field) => [String(source.at(field, 'name')?.value), field] as const)
  const required = named.filter(([, field]) => source.at(field, 'required')?.value === true).map(([name]) => name)
  const value = {
    type: 'object',
    properties: Object.fromEntries(named.map(([name, { value }]) => [name, value])),
    required,
  }
  const encoding = Object.fromEntries(
    named.map(([name, field]) => {
      const [style, explode] = collection(String(source.at(field, 'collectionFormat')?.value ?? 'csv'), 'query')
      return [name, { style, explode }]
    }),
  )
  return {
    required: required.length > 0,
    content: types.map(
      (mediaType): SourceMedia => ({
        mediaType,
        schema: { value, file: operation.file },
        examples: [],
        encoding: { value: encoding, file: operation.file },
      }),
    ),
  }
}

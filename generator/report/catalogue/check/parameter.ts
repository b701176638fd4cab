import { narrowable, warning } from '../entry.ts'

/** Parameters and headers. */
export const parameterDiagnostics = {
  'duplicate-parameter': narrowable(
    'operation',
    ({ name, in: place }: { name: string; in: string }) =>
      `The ${place} parameter "${name}" is declared twice, differently.`,
  ),
  'repeated-parameter': warning(
    ({ name, in: place }: { name: string; in: string }) => `The ${place} parameter "${name}" is listed twice.`,
  ),
  'querystring-conflict': narrowable(
    'operation',
    ({ name }: { name: string }) =>
      `"${name}" describes a part of the query that another parameter describes as a whole.`,
    'Keep one parameter in: querystring, or only parameters in: query.',
  ),
  'querystring-without-content': narrowable(
    'operation',
    ({ name }: { name: string }) => `"${name}" is the whole query, and needs "content".`,
  ),
  'name-malformed': narrowable(
    'operation',
    ({ name, in: place }: { name: string; in: string }) => `"${name}" cannot be the name of a ${place} parameter.`,
  ),
  'header-ignored': warning(
    ({ name }: { name: string }) => `OpenAPI ignores a header parameter called "${name}".`,
    'The media types of bodies and responses, and security schemes, describe it.',
  ),
  'path-parameter-optional': narrowable(
    'operation',
    ({ name }: { name: string }) => `The path parameter "${name}" cannot be optional.`,
    'Write required: true, and a second path without it.',
  ),
  'path-parameter-required': warning(
    ({ name }: { name: string }) =>
      `The path parameter "${name}" does not say required: true; it is read as if it did.`,
  ),
  'style-not-allowed': narrowable(
    'operation',
    ({ style, in: place }: { style: string; in: string; allowed: readonly string[] }) =>
      `The style "${style}" is not for ${place} parameters.`,
    ({ allowed }) => (allowed.length === 0 ? undefined : `There it is ${allowed.join(', ')}.`),
  ),
  'style-simple': warning(
    () => 'The style "simple" is not for query parameters; it is read as form with explode: false.',
    'Write style: form, explode: false.',
  ),
  'style-with-content': warning(
    ({ name }: { name: string }) => `"${name}" is written by the media type of its content; a style does not apply.`,
  ),
  'reserved-not-allowed': narrowable(
    'operation',
    ({ in: place }: { in: string }) => `"allowReserved" does not apply to ${place} parameters.`,
  ),
  'reserved-ignored': warning(
    ({ in: place }: { in: string }) => `"allowReserved" does not apply to ${place} parameters; it is ignored.`,
  ),
  'parameter-schema-and-content': warning(
    ({ name }: { name: string }) => `"${name}" has a schema and a content; its content counts.`,
    'Keep one of them.',
  ),
  'querystring-with-schema': narrowable(
    'operation',
    ({ name }: { name: string }) => `"${name}" is the whole query: its content describes it, not a schema.`,
  ),
  'parameter-without-schema': warning(({ name }: { name: string }) => `"${name}" has no schema: any value is allowed.`),
  'items-not-judged': warning(
    ({ field, mediaType }: { field: string; mediaType: string }) =>
      `"${field}" is not read for ${mediaType}: its items pass as they are.`,
    'Items of application/jsonl, application/x-ndjson, application/json-seq and text/event-stream are judged, by "itemSchema".',
  ),
  'parameter-content-count': narrowable(
    'operation',
    ({ name, count }: { name: string; count: number }) =>
      `The content of "${name}" must be one media type, not ${count}.`,
  ),
} as const

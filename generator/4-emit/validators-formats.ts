/** What checks a format: a function of the runtime, for values of one type. Formats not in here are annotations. */
export interface FormatCheck {
  /** Under `@specgate/runtime/`. */
  readonly module: string
  readonly export: string
  readonly type: 'string' | 'number'
}

/** The formats of JSON Schema 2020-12 and of the OpenAPI format registry that can be judged. */
export const formatChecks: ReadonlyMap<string, FormatCheck> = new Map([
  ...checks('date-formats', 'string', [
    'date',
    'time',
    'date-time',
    'time-local',
    'date-time-local',
    'http-date',
    'duration',
  ]),
  ...checks('number-formats', 'number', [
    ...['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'],
    ...['double-int', 'float', 'double'],
  ]),
  ...checks('text-formats', 'string', [
    ...[
      'uuid',
      'byte',
      'base64url',
      'char',
      'decimal',
      'regex',
      'json-pointer',
      'relative-json-pointer',
      'media-range',
    ],
  ]),
  ...checks('net-formats', 'string', ['ipv4', 'ipv6', 'hostname', 'idn-hostname', 'email', 'idn-email']),
  ...checks('uri-formats', 'string', ['uri', 'uri-reference', 'iri', 'iri-reference', 'uri-template']),
])

function checks(file: string, type: FormatCheck['type'], names: readonly string[]): [string, FormatCheck][] {
  return names.map((name) => [
    name,
    { module: `validation/${file}`, export: name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()), type },
  ])
}

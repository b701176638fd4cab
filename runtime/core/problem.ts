/**
 * The kinds of problem the proxy itself can answer with (RFC 9457). Closed: a new kind is a line here, so that every
 * status, title and `type` the service can send is read in one place.
 */
export const problems = {
  'bad-request': [400, 'Bad Request'],
  'invalid-request': [400, 'The request does not meet the contract'],
  unauthorized: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  'not-found': [404, 'Not Found'],
  'method-not-allowed': [405, 'Method Not Allowed'],
  'not-acceptable': [406, 'Not Acceptable'],
  'request-timeout': [408, 'Request Timeout'],
  'length-required': [411, 'Length Required'],
  'precondition-failed': [412, 'Precondition Failed'],
  'content-too-large': [413, 'Content Too Large'],
  'uri-too-long': [414, 'URI Too Long'],
  'unsupported-media-type': [415, 'Unsupported Media Type'],
  'expectation-failed': [417, 'Expectation Failed'],
  'misdirected-request': [421, 'Misdirected Request'],
  'upgrade-required': [426, 'Upgrade Required'],
  'quota-exceeded': [429, 'Too Many Requests'],
  'abnormal-usage-detected': [429, 'Suspended'],
  'fields-too-large': [431, 'Request Header Fields Too Large'],
  'internal-error': [500, 'Internal Server Error'],
  'not-implemented': [501, 'Not Implemented'],
  'upstream-unreachable': [502, 'Bad Gateway'],
  'upstream-refused': [502, 'The upstream does not accept this service'],
  'upstream-invalid': [502, 'The upstream answer does not meet the contract'],
  'upstream-fault': [502, 'The upstream reported a fault'],
  'upstream-malformed': [502, 'The upstream answer cannot be read'],
  'upstream-too-large': [502, 'The upstream answer is too large to be read'],
  'service-unavailable': [503, 'Service Unavailable'],
  'temporary-reduced-capacity': [503, 'Too much is under way'],
  'gateway-timeout': [504, 'Gateway Timeout'],
  'only-if-cached': [504, 'Not in the cache'],
  'http-version-not-supported': [505, 'HTTP Version Not Supported'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemKind = keyof typeof problems

/** Kinds whose `type` others have registered: draft-ietf-httpapi-ratelimit-headers-11 §5. */
const registeredTypes: { readonly [K in ProblemKind]?: string } = {
  'quota-exceeded': 'https://iana.org/assignments/http-problem-types#quota-exceeded',
  'abnormal-usage-detected': 'https://iana.org/assignments/http-problem-types#abnormal-usage-detected',
  'temporary-reduced-capacity': 'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
}

/** The `type` member of a problem (RFC 9457 §3.1.1). */
export function problemType(kind: ProblemKind): string {
  return registeredTypes[kind] ?? `https://specgate.dev/problems/${kind}`
}

/**
 * One fault of a message. Exactly one of `pointer` (RFC 6901, into the body), `parameter` (its name, with `in`) and
 * `header` names the place. `detail` never repeats a submitted value.
 */
export interface Fault {
  readonly pointer?: string
  readonly parameter?: string
  readonly in?: 'path' | 'query' | 'cookie' | 'querystring'
  readonly header?: string
  readonly detail: string
  /** The JSON Schema keyword that failed, or `required`, `type`, `style`, `unknown` for what stands around a schema. */
  readonly keyword: string
}

/** The members of an `application/problem+json` document (RFC 9457 §3.1). */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly instance?: string
  readonly errors?: readonly Fault[]
}

/** Request fields that HTTP, browsers and intermediaries send whatever the contract says: never unknown. */
const standard = new Set([
  ...[
    'accept',
    'authorization',
    'baggage',
    'cache-control',
    'connection',
    'cookie',
    'date',
    'dnt',
    'early-data',
    'expect',
  ],
  ...[
    'forwarded',
    'from',
    'host',
    'idempotency-key',
    'keep-alive',
    'last-event-id',
    'max-forwards',
    'origin',
    'pragma',
  ],
  ...['prefer', 'priority', 'range', 'referer', 'save-data', 'te', 'trailer', 'traceparent', 'tracestate'],
  ...[
    'transfer-encoding',
    'upgrade',
    'upgrade-insecure-requests',
    'user-agent',
    'via',
    'x-request-id',
    'x-correlation-id',
  ],
  ...['x-requested-with', 'x-real-ip'],
])

const families = ['accept-', 'access-control-request-', 'content-', 'if-', 'proxy-', 'sec-', 'x-forwarded-']

/** @param name in lower case */
export function isStandardField(name: string): boolean {
  return standard.has(name) || families.some((family) => name.startsWith(family))
}

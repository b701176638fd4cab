import type { cache } from '../../../runtime/policies/cache/cache.ts'
import { definePolicy } from '../define.ts'
import { field, withFields } from '../publication.ts'
import { responsesOf } from '../responses.ts'
import { bytes, seconds } from '../units.ts'
import { credentialFields, keyDefaults, keyHeaders, keyQuery } from './key.ts'
import { checkOptions, type Options } from './options.ts'
import { lowerTags } from './tags.ts'

export default definePolicy<typeof cache, Options>({
  name: 'cache',
  summary:
    'Answers GET, HEAD and QUERY from memory where RFC 9111 allows it; answers to authenticated callers are not shared.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    properties: {
      mode: {
        enum: ['rfc9111', 'ttl'],
        description:
          'Who decides how long an answer is fresh: the upstream alone, or `ttl` where the upstream says nothing. `no-store`, `private` and what the upstream says of freshness always count. Default: `ttl` where there is a `ttl`.',
      },
      ttl: {
        type: 'string',
        format: 'duration',
        description: 'How long answers are fresh that say nothing of it.',
      },
      staleWhileRevalidate: {
        type: 'string',
        format: 'duration',
        default: '0s',
        description: 'How long past that they are used while a new one is fetched; for answers that say nothing of it.',
      },
      staleIfError: {
        type: 'string',
        format: 'duration',
        default: '0s',
        description:
          'How long past that they stand in for a 5xx; for answers that say nothing of it. For an upstream that cannot be reached it is one minute at least.',
      },
      key: {
        type: 'object',
        description: 'What tells stored answers apart beside host and path, and `Vary`.',
        properties: {
          query: {
            enum: ['declared', 'all'],
            description:
              '`declared`: a request with any other parameter is not for the cache. Default: `declared`, or `all` where unknown parameters are let through.',
          },
          headers: {
            type: 'array',
            items: { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
            uniqueItems: true,
            description:
              'Request headers that tell answers apart whatever `Vary` says. Default: the declared ones, with `ttl` all that may shape an answer (not `User-Agent`, `Referer` and tracing); and the declared cookies.',
          },
          consumer: {
            enum: ['auto', 'always', 'never'],
            default: 'auto',
            description:
              '`auto`: an answer to a known caller is kept for that caller, unless it says that it may be shared. `always`: for that caller in any case. `never`: only what may be shared is kept.',
          },
        },
        additionalProperties: false,
      },
      coalesce: {
        type: 'boolean',
        default: true,
        description: 'Whether requests for the same thing wait for one request to the upstream.',
      },
      maxBody: {
        type: 'string',
        format: 'size',
        default: '1MiB',
        description: 'Longer bodies are not kept; they stream past.',
      },
      maxBytes: {
        type: 'string',
        format: 'size',
        default: '64MiB',
        description: 'Memory for all stored answers of the service; only on the document.',
      },
      store: {
        type: 'string',
        minLength: 1,
        default: 'memory',
        description:
          'Where answers are kept: `memory`, or a store of `components.x-proxy.stores` that all instances share, with memory in front of it; only on the document.',
      },
      tags: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        uniqueItems: true,
        description:
          'Names that answers are found by when something has changed: `order:{path.orderId}`, with values of the request: `path.<name>`, `query.<name>`, `header.<Name>`, `consumer.id`, `consumer.plan`.',
      },
      invalidate: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        uniqueItems: true,
        description:
          'On an operation that changes something: ids of operations, and tags, whose answers are forgotten when it has succeeded. The answers of its own path always are.',
      },
      status: { type: 'boolean', default: true, description: 'Whether `Cache-Status` explains each answer.' },
    },
    additionalProperties: false,
  },
  instance: 'operation',
  answers: {
    206: { description: 'The part of the answer that was asked for.', isBare: true },
    304: { description: 'What the caller has is still the answer.', isBare: true },
    416: { description: 'There is no such part of the answer.', isBare: true },
    504: 'The request asks for a stored answer only, and there is none, or the upstream took too long.',
  },
  publish: ({ status = true }) => ({
    response: (response, code) =>
      /^[45]/.test(code)
        ? response
        : withFields(response, {
            Age: field('How old a stored answer is, in seconds.', 'integer'),
            ...(status ? { 'Cache-Status': field('Whether the answer was stored (RFC 9211).') } : {}),
          }),
  }),
  lower(options, scope) {
    const { contract } = scope
    if (!['GET', 'HEAD', 'QUERY'].includes(contract.method)) return undefined
    // What is answered to an opening handshake is a connection.
    if (scope.optionsOf('webSocket') !== undefined) return undefined
    checkOptions(options, scope)
    const { key = {}, ttl, maxBody = '1MiB', coalesce = true, status = true } = options
    const mode = options.mode ?? (ttl === undefined ? 'rfc9111' : 'ttl')
    return [
      {
        mode,
        ...(mode === 'ttl' && ttl !== undefined ? { ttl: seconds(ttl) } : {}),
        staleWhileRevalidate: seconds(options.staleWhileRevalidate ?? '0s'),
        staleIfError: seconds(options.staleIfError ?? '0s'),
        key: {
          query: keyQuery(key.query, scope),
          ...keyDefaults(scope),
          ...keyHeaders(key.headers, mode, contract),
          consumer: key.consumer ?? 'auto',
        },
        authenticated: contract.security?.some((requirement) => requirement.length > 0) ?? false,
        ...credentialFields(contract),
        coalesce,
        maxBody: bytes(maxBody),
        status,
        ...lowerTags(options.tags, scope),
        store: responsesOf(scope),
      },
    ]
  },
})

import type { log } from '../../../runtime/policies/log/log.ts'
import { definePolicy } from '../define.ts'
import { share } from '../units.ts'

interface Options {
  readonly access?: 'json' | 'off'
  readonly sample?: string
  readonly redact?: { readonly headers?: readonly string[]; readonly query?: readonly string[] }
}

const names = (description: string) =>
  ({ type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true, default: [], description }) as const

export default definePolicy<typeof log, Options>({
  name: 'log',
  summary: 'What the access log tells of requests: one JSON line each on stdout, or nothing.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    properties: {
      access: { enum: ['json', 'off'], default: 'json', description: 'Whether requests get a line.' },
      sample: {
        type: 'string',
        format: 'share',
        default: '100%',
        description: 'The share of requests that get one; those answered with 5xx or broken off always do.',
      },
      redact: {
        type: 'object',
        properties: {
          headers: names('Fields shown as `***`, beside credentials, which never stand in the log.'),
          query: names('Query parameters shown as `***`, beside the usual names of secrets.'),
        },
        additionalProperties: false,
        description: 'What must not be read in the log.',
      },
    },
    additionalProperties: false,
  },
  instance: 'shared',
  lower({ access = 'json', sample = '100%', redact = {} }) {
    return [{ access, sample: share(sample), redact: { headers: redact.headers ?? [], query: redact.query ?? [] } }]
  },
})

import type { JsonObject } from './json.ts'

const count: JsonObject = { type: 'integer', minimum: 1, maximum: 1000 }
/** Longer than nothing. */
const time: JsonObject = { type: 'string', format: 'duration', pattern: '[1-9]' }
const status = '[1-5]\\d\\d(-[1-5]\\d\\d)?'

/** What `upstreams.<name>.healthCheck` says. */
export const healthCheckOptions: JsonObject = {
  type: 'object',
  properties: {
    active: {
      type: 'object',
      properties: {
        path: {
          type: 'string',
          pattern: '^/[!-~]*$',
          description: 'A path of the target’s host; what stands in its address is not put before it.',
        },
        interval: { ...time, default: '10s' },
        timeout: { ...time, default: '2s' },
        healthy: { ...count, default: 2, description: 'Good answers in a row that bring a target back.' },
        unhealthy: { ...count, default: 3, description: 'Bad ones in a row that take it out.' },
        expect: {
          anyOf: [
            { type: 'integer', minimum: 100, maximum: 599 },
            { type: 'string', pattern: `^${status}(, ?${status})*$` },
          ],
          default: '200-399',
          description: 'Statuses that are good.',
        },
      },
      required: ['path'],
      additionalProperties: false,
    },
  },
  additionalProperties: false,
}

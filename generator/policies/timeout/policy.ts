import type { timeout } from '../../../runtime/policies/timeout/timeout.ts'
import { definePolicy } from '../define.ts'
import { milliseconds } from '../units.ts'

interface Options {
  readonly connect?: string
  readonly firstByte?: string
  readonly idle?: string
  readonly total?: string
}

const duration = (fallback: string, description: string) =>
  ({ type: 'string', format: 'duration', default: fallback, description }) as const

export default definePolicy<typeof timeout, Options>({
  name: 'timeout',
  summary:
    'How long the upstream may take; past that the caller gets 504. The defaults hold also where nothing is written.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    properties: {
      connect: duration('2s', 'To a connection.'),
      firstByte: duration('15s', "From the request's last byte to the answer's head."),
      idle: duration('30s', 'Between two parts of a body, in either direction.'),
      total: duration('30s', 'For the whole exchange; streamed bodies are held by `idle` alone.'),
    },
    additionalProperties: false,
  },
  instance: 'shared',
  lower({ connect = '2s', firstByte = '15s', idle = '30s', total = '30s' }) {
    return [
      {
        connect: milliseconds(connect),
        firstByte: milliseconds(firstByte),
        idle: milliseconds(idle),
        total: milliseconds(total),
      },
    ]
  },
})

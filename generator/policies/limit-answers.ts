import type { JsonObject } from '../model/json.ts'
import { field, type Publication, retryAfter, withFields } from './publication.ts'

export const limitAnswers = {
  429: { description: 'A limit is used up; `Retry-After` says when to try again.', headers: retryAfter },
} as const

const draft: JsonObject = {
  'RateLimit-Policy': field('The limits there are, and their windows.'),
  RateLimit: field('What is left of each limit, and until when.'),
}
const legacy: JsonObject = {
  'X-RateLimit-Limit': field('Units in a window.', 'integer'),
  'X-RateLimit-Remaining': field('Units that are left.', 'integer'),
  'X-RateLimit-Reset': field('When the window ends, in seconds since the epoch.', 'integer'),
}

/** The fields that tell callers of a limit, on every answer. */
export function publishLimit(headers: 'draft' | 'legacy' | 'both' | 'none' = 'draft'): Publication {
  const fields = {
    ...(headers === 'draft' || headers === 'both' ? draft : {}),
    ...(headers === 'legacy' || headers === 'both' ? legacy : {}),
  }
  return {
    response: (response) => withFields(response, fields),
    answer: (answer) => ({ ...answer, headers: { ...answer.headers, ...fields } as JsonObject }),
  }
}

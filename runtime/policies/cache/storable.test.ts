import { expect, test } from 'vitest'
import { readDirectives } from './directives.ts'
import { judgeStorage } from './storable.ts'
import { readArrival } from './stored-response.ts'

const now = Date.UTC(2026, 0, 1)
const times = { request: now, response: now }

interface Given {
  readonly status?: number
  readonly fields?: string[]
  readonly cacheControl?: string
  readonly request?: string
  readonly isAuthenticated?: boolean
  readonly hasCookies?: boolean
}

function judged({
  status = 200,
  fields = [],
  cacheControl,
  request = '',
  isAuthenticated = false,
  hasCookies = false,
}: Given) {
  const all = cacheControl === undefined ? fields : [...fields, 'Cache-Control', cacheControl]
  const storability = judgeStorage({
    ...readArrival(status, all, times, undefined),
    requestDirectives: readDirectives(request),
    isAuthenticated,
    hasCookies,
  })
  return storability.storable ? storability.audience : storability.why
}

test.each<[Given, string]>([
  [{ cacheControl: 'max-age=60' }, 'everybody'],
  [{ status: 206, cacheControl: 'max-age=60' }, 'status'],
  [{ status: 304, cacheControl: 'max-age=60' }, 'status'],
  [{ status: 599, cacheControl: 'max-age=60' }, 'everybody'],
  [{ status: 599 }, 'no-freshness'],
  [{ cacheControl: 'max-age=60', request: 'no-store' }, 'request-no-store'],
  [{ cacheControl: 'max-age=60, No-Store' }, 'no-store'],
  [{ cacheControl: 'no-store, max-age=60, must-understand' }, 'everybody'],
  [{ status: 599, cacheControl: 'no-store, max-age=60, must-understand' }, 'must-understand'],
  [{ cacheControl: 'private, max-age=60' }, 'private'],
  [{ cacheControl: 'private="x-user", max-age=60' }, 'everybody'],
  [{ cacheControl: 'max-age=60', fields: ['Vary', 'accept, *'] }, 'vary'],
  [{ fields: ['Set-Cookie', 'a=b', 'Last-Modified', new Date(0).toUTCString()] }, 'set-cookie'],
  [{ fields: ['Set-Cookie', 'a=b'], cacheControl: 'max-age=60' }, 'everybody'],
  [{ cacheControl: 'max-age=60', isAuthenticated: true }, 'consumer'],
  [{ cacheControl: 'max-age=60, public', isAuthenticated: true }, 'everybody'],
  [{ cacheControl: 's-maxage=60', isAuthenticated: true }, 'everybody'],
  [{ cacheControl: 'max-age=60, must-revalidate', isAuthenticated: true }, 'everybody'],
  [{ cacheControl: 'public, max-age=60', fields: ['Vary', 'Authorization'], isAuthenticated: true }, 'consumer'],
  [{ cacheControl: 'public, max-age=60', fields: ['Vary', 'X-Api-Key'], isAuthenticated: true }, 'consumer'],
  [{ cacheControl: 'max-age=60', hasCookies: true }, 'cookies'],
  [{ cacheControl: 'max-age=60, public', hasCookies: true }, 'everybody'],
])('%o: %s', (given, expected) => {
  expect(judged(given)).toBe(expected)
})

import type { Draft } from './request.ts'
import { Unreadable } from './source-document.ts'
import type { SourceScheme } from './source-operation.ts'

/** Adds what the first requirement that can be met asks for. @throws Unreadable */
export function withCredentials(draft: Draft, security: readonly (readonly SourceScheme[])[] | undefined): Draft {
  if (security === undefined) return draft
  for (const requirement of security) {
    const met = requirement.reduce<Draft | undefined>((sofar, scheme) => sofar && withOne(sofar, scheme), draft)
    if (met !== undefined) return met
  }
  throw new Unreadable('no credential can be shown')
}

function withOne(draft: Draft, { type, scheme, in: place, name }: SourceScheme): Draft | undefined {
  if (type === 'apiKey') {
    if (place === 'query') return { ...draft, query: [...draft.query, `${encodeURIComponent(name)}=corpus`] }
    if (place === 'cookie') return { ...draft, cookies: [...draft.cookies, `${name}=corpus`] }
    return withHeader(draft, name, 'corpus')
  }
  if (type === 'oauth2' || type === 'openIdConnect') return withHeader(draft, 'Authorization', 'Bearer corpus')
  if (type !== 'http') return undefined
  return withHeader(draft, 'Authorization', `${scheme} Y29ycHVzOmNvcnB1cw==`)
}

/** Undefined where the field is taken by something else. */
function withHeader(draft: Draft, name: string, value: string): Draft | undefined {
  const known = draft.headers.find(([other]) => other.toLowerCase() === name.toLowerCase())
  if (known === undefined) return { ...draft, headers: [...draft.headers, [name, value]] }
  return known[1] === value ? draft : undefined
}

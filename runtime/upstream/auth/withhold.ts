import type { Answer } from '../../core/answer.ts'
import { isField } from '../../core/headers.ts'
import type { KeyAccess, KeyPlace } from '../../identity/credential.ts'

/**
 * Takes a key of the service's own out of the fields of an answer, where an upstream gives it back by itself: addresses that
 * repeat the query (`Location`, `Link` …), and the cookie that carries it when it is renewed.
 * @returns undefined where no upstream does
 */
export function withholdKey(
  { in: place, name }: KeyPlace,
  access: KeyAccess,
  pair: string,
): ((answer: Answer) => void) | undefined {
  if (place === 'header') return undefined
  if (place === 'query') return (answer) => eachField(answer, (field, value) => withoutPair(field, value, access, pair))
  return (answer) =>
    eachField(answer, (field, value) => (isField(field, 'set-cookie') && sets(value, name) ? undefined : value))
}

/** The list is replaced only where something changes. @param change undefined: without the field */
function eachField(answer: Answer, change: (name: string, value: string) => string | undefined): void {
  const { headers } = answer
  let changed = headers
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    const value = change(headers[i]!, headers[i + 1]!)
    if (value === headers[i + 1]) continue
    if (changed === headers) changed = headers.slice()
    if (value === undefined) changed.splice(i, 2)
    else changed[i + 1] = value
  }
  answer.headers = changed
}

function withoutPair(field: string, value: string, access: KeyAccess, pair: string): string {
  const start = value.indexOf('?')
  if (start < 0) return value
  if (!isField(field, 'location') && !isField(field, 'content-location')) {
    return value.replaceAll(`&${pair}`, '').replaceAll(`?${pair}&`, '?').replaceAll(`?${pair}`, '')
  }
  const hash = value.indexOf('#', start)
  const end = hash < 0 ? value.length : hash
  const asked = { headers: [], query: value.slice(start + 1, end) }
  if (access.read(asked) === undefined) return value
  access.remove(asked)
  return `${value.slice(0, start)}${asked.query === '' ? '' : `?${asked.query}`}${value.slice(end)}`
}

function sets(cookie: string, name: string): boolean {
  const at = cookie.indexOf('=')
  return at >= 0 && cookie.slice(0, at).trim() === name
}

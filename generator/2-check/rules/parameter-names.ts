import { keyPlace } from '../key-place.ts'
import type { Rule } from '../rule.ts'

/** A field name is a token. RFC 9110 §5.1 */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Names that could never be matched on the wire. https://spec.openapis.org/oas/v3.2.0.html#parameter-object */
export const parameterNames: Rule = (survey, reporter) => {
  for (const { node } of survey.all('parameter')) {
    const name = node.at('name')
    if (name?.string === undefined) continue
    const place = node.at('in')?.string
    if (name.string === '') reporter.report('name-malformed', name, { name: '', in: place ?? 'parameter' })
    if (place === 'header' && name.string !== '' && !token.test(name.string)) {
      reporter.report('name-malformed', name, { name: name.string, in: 'header' })
    }
    if (place === 'path' && /[{}/?#]/.test(name.string)) {
      reporter.report('name-malformed', name, { name: name.string, in: 'path' })
    }
  }
  for (const kind of ['response', 'encoding'] as const) {
    for (const { node } of survey.all(kind)) {
      const headers = node.at('headers')
      for (const [name] of headers?.entries() ?? []) {
        if (!token.test(name)) reporter.report('name-malformed', keyPlace(headers!, name), { name, in: 'header' })
      }
    }
  }
}

import { keyPlace } from '../key-place.ts'
import type { Rule } from '../rule.ts'

/** "Any HTTP status code", a range `1XX` to `5XX`, or `default`. https://spec.openapis.org/oas/v3.2.0.html#responses-object */
const status = /^([1-5]\d\d|[1-5][Xx][Xx]|default)$/

export const responses: Rule = (survey, reporter) => {
  for (const { node } of survey.all('responses')) {
    const keys = Object.keys(node.value as object).filter((key) => !key.startsWith('x-'))
    for (const key of keys) {
      if (status.test(key)) continue
      // Servers in the wild answer 600 and above, or a document says so; nothing is lost by never matching it.
      const code = /^\d{3}$/.test(key) ? 'status-unusual' : 'status-malformed'
      reporter.report(code, keyPlace(node, key), { status: key })
    }
    if (keys.length === 0) reporter.report('no-responses', node, {})
  }
}

import { keyPlace } from '../key-place.ts'
import type { Rule } from '../rule.ts'
import { since } from '../version.ts'

/** Variables of server URLs. https://spec.openapis.org/oas/v3.2.0.html#server-object */
export const servers: Rule = (survey, reporter) => {
  for (const { node } of survey.all('server')) {
    const url = node.at('url')
    if (url?.string === undefined) continue
    const used = [...url.string.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]!)
    if (/[{}]/.test(url.string.replace(/\{[^{}]*\}/g, ''))) {
      reporter.report('server-malformed', url, { reason: 'its braces do not match' })
    }
    const variables = node.get('variables')
    for (const name of new Set(used)) {
      if (variables?.at(name) === undefined) reporter.report('server-variable-undefined', url, { name })
    }
    for (const [name] of variables?.entries() ?? []) {
      if (!used.includes(name)) reporter.report('server-variable-unused', keyPlace(variables!, name), { name })
    }
  }
  for (const { node, key } of survey.all('serverVariable')) {
    const values = node.at('enum')?.items()
    const fallback = node.at('default')
    if (values === undefined) continue
    // 3.0 says SHOULD of both, 3.1 MUST.
    const isDemanded = since(survey, 3.1)
    const name = String(key)
    if (values.length === 0)
      reporter.report(isDemanded ? 'server-variable-empty' : 'server-variable-open', node.at('enum')!, { name })
    else if (fallback?.string !== undefined && !values.some((value) => value.value === fallback.value)) {
      const code = isDemanded ? 'server-variable-default' : 'server-variable-outside'
      reporter.report(code, fallback, { name, value: fallback.string })
    }
  }
}

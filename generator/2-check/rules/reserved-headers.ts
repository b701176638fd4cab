import type { Rule } from '../rule.ts'

const reserved = ['accept', 'content-type', 'authorization']

/**
 * "If `in` is "header" and the `name` field is "Accept", "Content-Type" or "Authorization", the parameter definition SHALL
 * be ignored." https://spec.openapis.org/oas/v3.2.0.html#parameter-object
 */
export const reservedHeaders: Rule = (survey, reporter) => {
  for (const { node } of survey.all('parameter')) {
    const name = node.at('name')
    if (node.at('in')?.string !== 'header' || name?.string === undefined) continue
    if (reserved.includes(name.string.toLowerCase())) reporter.report('header-ignored', name, { name: name.string })
  }
}

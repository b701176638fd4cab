import type { Rule } from '../rule.ts'
import { since } from '../version.ts'

/** "If the parameter location is "path", this field is REQUIRED and its value MUST be true." https://spec.openapis.org/oas/v3.2.0.html#parameter-object */
export const parameterRequired: Rule = (survey, reporter) => {
  for (const { node } of survey.all('parameter')) {
    if (node.at('in')?.string !== 'path') continue
    const gaps = { name: node.at('name')?.string ?? '' }
    const required = node.at('required')
    // The schema of 2.0 refuses it, as tools of its time do.
    const code = since(survey, 3) ? 'path-parameter-required' : 'path-parameter-optional'
    if (required === undefined) reporter.report(code, node, gaps)
    else if (required.boolean === false) reporter.report('path-parameter-optional', required, gaps)
  }
}

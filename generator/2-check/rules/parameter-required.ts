import type { Rule } from '../rule.ts'

/** "If the parameter location is "path", this field is REQUIRED and its value MUST be true." https://spec.openapis.org/oas/v3.2.0.html#parameter-object */
export const parameterRequired: Rule = (survey, reporter) => {
  for (const { node } of survey.all('parameter')) {
    if (node.at('in')?.string !== 'path') continue
    const gaps = { name: node.at('name')?.string ?? '' }
    const required = node.at('required')
    if (required === undefined) reporter.report('path-parameter-required', node, gaps)
    else if (required.boolean === false) reporter.report('path-parameter-optional', required, gaps)
  }
}

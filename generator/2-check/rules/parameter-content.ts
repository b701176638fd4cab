import type { Rule } from '../rule.ts'

/**
 * "A parameter MUST contain either a `schema` property, or a `content` property, but not both"; `content` has one entry,
 * and is serialised by its media type, not a style. https://spec.openapis.org/oas/v3.2.0.html#parameter-object
 */
export const parameterContent: Rule = (survey, reporter) => {
  for (const { node, kind } of [...survey.all('parameter'), ...survey.all('header')]) {
    const name = node.at('name')?.string ?? kind
    const schema = node.at('schema')
    const content = node.at('content')
    const whole = node.at('in')?.string === 'querystring'
    if (schema !== undefined && whole) reporter.report('querystring-with-schema', schema, { name })
    else if (schema !== undefined && content !== undefined) {
      reporter.report('parameter-schema-and-content', schema, { name })
    } else if (schema === undefined && content === undefined) {
      reporter.report(whole ? 'querystring-without-content' : 'parameter-without-schema', node, { name })
    }
    if (content !== undefined && content.entries().length !== 1) {
      reporter.report('parameter-content-count', content, { name, count: content.entries().length })
    }
    const style = node.at('style')
    if (content !== undefined && style !== undefined) reporter.report('style-with-content', style, { name })
  }
}

import type { Rule } from '../rule.ts'
import { since } from '../version.ts'

const styles: Readonly<Record<string, readonly string[]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form', 'cookie'],
  querystring: [],
}

/** Which styles a location has, and where `allowReserved` means something. https://spec.openapis.org/oas/v3.2.0.html#style-values */
export const parameterStyle: Rule = (survey, reporter) => {
  for (const { node, kind } of [...survey.all('parameter'), ...survey.all('header')]) {
    const location = kind === 'header' ? 'header' : node.at('in')?.string
    const allowed = location === undefined || !Object.hasOwn(styles, location) ? undefined : styles[location]
    if (location === undefined || allowed === undefined) continue
    const style = node.at('style')
    if (style?.string !== undefined && !allowed.includes(style.string)) {
      if (location === 'query' && style.string === 'simple') reporter.report('style-simple', style, {})
      else reporter.report('style-not-allowed', style, { style: style.string, in: location, allowed })
    }
    const reserved = node.at('allowReserved')
    if (reserved?.boolean === undefined) continue
    const encodes = location === 'query' || location === 'path' || (location === 'cookie' && style?.string !== 'cookie')
    // Until 3.1 the field merely "only applies to" query parameters; 3.2 forbids it elsewhere.
    if (!encodes)
      reporter.report(since(survey, 3.2) ? 'reserved-not-allowed' : 'reserved-ignored', reserved, { in: location })
  }
}

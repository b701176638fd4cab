import { readPathKey } from '../../model/path-key.ts'
import { keyPlace } from '../key-place.ts'
import { parametersOf } from '../parameters.ts'
import { readTemplate, type TemplateVariable } from '../path-template.ts'
import type { Rule } from '../rule.ts'
import type { PathItemEntry } from '../survey.ts'

/** What a path key may look like. https://spec.openapis.org/oas/v3.2.0.html#path-templating */
export const pathTemplates: Rule = ({ pathItems }, reporter) => {
  for (const item of pathItems) {
    const { path, holder } = item
    if (path === undefined || holder === undefined) continue
    const place = keyPlace(holder, path)
    if (!path.startsWith('/')) reporter.report('path-without-slash', place, { path })
    const key = readPathKey(path)
    const { variables, balanced } = readTemplate(key.path)
    if (!balanced) reporter.report('path-malformed', place, { path, reason: 'its braces do not match' })
    const names = new Set<string>()
    for (const variable of variables) {
      const { name, written } = variable
      if (name === '') reporter.report('path-malformed', place, { path, reason: 'a variable has no name' })
      else if (names.has(name))
        reporter.report('path-malformed', place, { path, reason: `{${name}} stands in it twice` })
      names.add(name)
      if (name === '' || name === written) continue
      reporter.report(isStyled(item, variable) ? 'path-operator' : 'path-wildcard', place, { path, written, name })
    }
    if (key.path !== path) reporter.report('path-with-query', place, { path: key.path })
  }
}

/** `{;id*}` is RFC 6570 for what the parameter says by `style: matrix, explode: true`; then it is no wildcard. */
function isStyled({ node, operations }: PathItemEntry, { name, written }: TemplateVariable): boolean {
  if (!/^[.;]?[^*+]+\*?$/.test(written)) return false
  return operations.every((operation) => {
    const parameter = parametersOf(node, operation.node).find((each) => each.in === 'path' && each.name === name)
    return parameter !== undefined && (!written.endsWith('*') || parameter.node.at('explode')?.boolean === true)
  })
}

import { readTemplate } from '../path-template.ts'
import type { Rule } from '../rule.ts'

/** What a path key may look like. https://spec.openapis.org/oas/v3.2.0.html#path-templating */
export const pathTemplates: Rule = ({ pathItems }, reporter) => {
  for (const { path, holder } of pathItems) {
    if (path === undefined || holder === undefined) continue
    const place = holder.placeOf(path, 'key')
    if (!path.startsWith('/')) reporter.report('path-without-slash', place, { path })
    const { variables, balanced } = readTemplate(path)
    if (!balanced) reporter.report('path-malformed', place, { path, reason: 'its braces do not match' })
    const names = new Set<string>()
    for (const { name, written } of variables) {
      if (name === '') reporter.report('path-malformed', place, { path, reason: 'a variable has no name' })
      else if (names.has(name))
        reporter.report('path-malformed', place, { path, reason: `{${name}} stands in it twice` })
      if (name !== written && name !== '') reporter.report('path-wildcard', place, { path, written, name })
      names.add(name)
    }
    const fixed = path.replace(/\{[^{}]*\}/g, '')
    if (/[?#]/.test(fixed)) reporter.report('path-with-query', place, { path })
  }
}

import { keyPlace } from '../key-place.ts'
import type { Rule } from '../rule.ts'

/** "All the fixed fields … are objects that MUST use keys that match `^[a-zA-Z0-9._-]+$`." https://spec.openapis.org/oas/v3.2.0.html#components-object */
export const componentNames: Rule = (survey, reporter) => {
  for (const [section, entries] of survey.tree.root.get('components')?.entries() ?? []) {
    if (section.startsWith('x-')) continue
    for (const [name] of entries.entries()) {
      if (!/^[a-zA-Z0-9._-]+$/.test(name)) reporter.report('component-name', keyPlace(entries, name), { name })
    }
  }
}

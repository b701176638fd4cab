import { nearest } from '../../report/nearest.ts'
import { keyPlace } from '../key-place.ts'
import type { Rule } from '../rule.ts'

/** "Each name MUST correspond to a security scheme which is declared." https://spec.openapis.org/oas/v3.2.0.html#security-requirement-object */
export const securityRequirements: Rule = (survey, reporter) => {
  const schemes = survey.tree.root.get('components')?.get('securitySchemes')
  const names = (schemes?.entries() ?? []).map(([name]) => name)
  for (const { node } of survey.all('securityRequirement')) {
    for (const name of Object.keys(node.value as object)) {
      if (names.includes(name)) continue
      const near = nearest(name, names)
      const gaps = { name, ...(near === undefined ? {} : { nearest: near }) }
      reporter.report('unknown-security-scheme', keyPlace(node, name), gaps)
    }
  }
}

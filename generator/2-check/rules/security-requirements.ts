import { isObject } from '../../model/json.ts'
import { nearest } from '../../report/nearest.ts'
import { keyPlace } from '../key-place.ts'
import type { Rule } from '../rule.ts'

/** "Each name MUST correspond to a security scheme which is declared." https://spec.openapis.org/oas/v3.2.0.html#security-requirement-object */
export const securityRequirements: Rule = (survey, reporter) => {
  const schemes = survey.tree.root.get('components')?.get('securitySchemes')
  const names = (schemes?.entries() ?? []).map(([name]) => name)
  const isKnown = (requirement: unknown): boolean =>
    isObject(requirement) && Object.keys(requirement).every((name) => names.includes(name))
  for (const { node, parent } of survey.all('securityRequirement')) {
    // Without one alternative fewer callers are let in, never more.
    const others = parent?.node.at('security')?.items() ?? []
    const code = others.some(({ value }) => isKnown(value) && Object.keys(value as object).length > 0)
      ? 'security-alternative'
      : 'unknown-security-scheme'
    for (const name of Object.keys(node.value as object)) {
      if (names.includes(name)) continue
      const near = nearest(name, names)
      const gaps = { name, ...(near === undefined ? {} : { nearest: near }) }
      reporter.report(code, keyPlace(node, name), gaps)
    }
  }
}

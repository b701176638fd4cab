import type { Rule } from '../rule.ts'

/** "At least one of the components, paths, or webhooks fields MUST be present." https://spec.openapis.org/oas/v3.2.0.html#openapi-object */
export const hasContent: Rule = ({ tree: { root } }, reporter) => {
  if (['paths', 'components', 'webhooks'].some((key) => root.at(key) !== undefined)) return
  reporter.report('no-content', root, {})
}

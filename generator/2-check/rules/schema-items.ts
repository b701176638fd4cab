import type { Rule } from '../rule.ts'
import type { Found } from '../survey.ts'
import { since } from '../version.ts'

/** Until 3.0, "`items` MUST be present if the `type` is `array`"; since 3.1 any array is meant. https://spec.openapis.org/oas/v3.0.4.html#properties */
export const schemaItems: Rule = (survey, reporter) => {
  if (since(survey, 3.1)) return
  for (const found of survey.all('schema')) {
    const { node } = found
    const type = node.at('type')
    const isArray = type?.value === 'array' || (Array.isArray(type?.value) && type.value.includes('array'))
    if (type === undefined || !isArray || node.at('items') !== undefined || node.at('prefixItems') !== undefined)
      continue
    // Parameters and headers of 2.0 are no schemas there; they are judged where they are read.
    if (!since(survey, 3) && isOfParameter(found)) continue
    // Of 2.0 every tool demands them; documents of 3.0 leave them out and mean any items.
    reporter.report(since(survey, 3) ? 'array-of-anything' : 'array-without-items', type, {})
  }
}

function isOfParameter(found: Found): boolean {
  let owner = found.parent
  while (owner?.kind === 'schema') owner = owner.parent
  return owner?.kind === 'parameter' || owner?.kind === 'header'
}

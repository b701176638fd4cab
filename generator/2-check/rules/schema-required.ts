import { nearest } from '../../report/nearest.ts'
import type { Rule } from '../rule.ts'

const elsewhere = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'patternProperties', 'dependentSchemas', '$dynamicRef']

/**
 * A required property that no part of the schema declares: legal JSON Schema, and mostly a slip.
 * https://json-schema.org/draft/2020-12/json-schema-validation#name-required
 */
export const schemaRequired: Rule = (survey, reporter) => {
  for (const { node, parent } of survey.all('schema')) {
    const properties = node.at('properties')
    // A branch of a composition may require what another branch declares.
    if (properties === undefined || parent?.kind === 'schema' || elsewhere.some((key) => node.at(key) !== undefined))
      continue
    const names = properties.entries().map(([name]) => name)
    if (names.length === 0) continue
    for (const item of node.at('required')?.items() ?? []) {
      if (item.string === undefined || names.includes(item.string)) continue
      const near = nearest(item.string, names)
      reporter.report('required-undeclared', item, {
        name: item.string,
        ...(near === undefined ? {} : { nearest: near }),
      })
    }
  }
}

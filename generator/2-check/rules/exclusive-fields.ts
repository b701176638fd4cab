import { keyPlace } from '../key-place.ts'
import type { Rule } from '../rule.ts'
import type { Kind } from '../structure/shape.ts'

/** Fields that do not stand beside each other. Only people read most of them, so none of it stops a compilation. */
const exclusive: readonly (readonly [Kind, string, readonly string[]])[] = [
  ['parameter', 'example', ['examples']],
  ['header', 'example', ['examples']],
  ['mediaType', 'example', ['examples']],
  ['mediaType', 'encoding', ['prefixEncoding', 'itemEncoding']],
  ['encoding', 'encoding', ['prefixEncoding', 'itemEncoding']],
  ['example', 'value', ['externalValue', 'dataValue', 'serializedValue']],
  ['example', 'serializedValue', ['externalValue']],
  ['link', 'operationRef', ['operationId']],
  ['xml', 'nodeType', ['attribute', 'wrapped']],
]

/** https://spec.openapis.org/oas/v3.2.0.html#example-object, #media-type-object, #encoding-object, #xml-object */
export const exclusiveFields: Rule = (survey, reporter) => {
  for (const [kind, key, others] of exclusive) {
    for (const { node } of survey.all(kind, 'everywhere')) {
      if (node.at(key) === undefined) continue
      for (const other of others) {
        if (node.at(other) !== undefined) reporter.report('fields-exclude', keyPlace(node, other), { key, other })
      }
    }
  }
}

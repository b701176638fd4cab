import { METHODS } from 'node:http'
import { keyPlace } from '../key-place.ts'
import type { Rule } from '../rule.ts'

const fixed = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE', 'QUERY']

/**
 * "additionalOperations … MUST NOT contain any entry for a method that can be defined by a fixed field"; a method is a
 * token (RFC 9110 §9.1). TRACE and CONNECT are never forwarded, and what Node cannot parse never arrives. https://spec.openapis.org/oas/v3.2.0.html#path-item-object
 */
export const methods: Rule = ({ pathItems }, reporter) => {
  for (const { node, operations } of pathItems) {
    const additional = node.get('additionalOperations')
    for (const [method] of additional?.entries() ?? []) {
      const place = keyPlace(additional!, method)
      if (fixed.includes(method.toUpperCase())) reporter.report('method-has-field', place, { method })
      else if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method)) reporter.report('method-malformed', place, { method })
      else if (!METHODS.includes(method)) {
        const upper = method.toUpperCase()
        reporter.report('method-unparsable', place, { method, ...(METHODS.includes(upper) ? { nearest: upper } : {}) })
      }
    }
    for (const { method, node: operation } of operations) {
      if (method === 'TRACE' || method === 'CONNECT') reporter.report('method-not-served', operation, { method })
    }
  }
}

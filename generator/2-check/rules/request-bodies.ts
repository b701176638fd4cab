import { keyPlace } from '../key-place.ts'
import type { Rule } from '../rule.ts'

/** Methods whose body has no meaning (RFC 9110 §9.3); "requestBody SHOULD be avoided". https://spec.openapis.org/oas/v3.2.0.html#operation-object */
const bodiless = ['GET', 'HEAD', 'TRACE']

export const requestBodies: Rule = ({ operations }, reporter) => {
  for (const { node, method } of operations) {
    const body = node.at('requestBody')
    if (body !== undefined && body.value !== null && bodiless.includes(method)) {
      reporter.report('body-unexpected', keyPlace(node, 'requestBody'), { method })
    }
  }
}

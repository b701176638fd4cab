import type { Rule } from '../rule.ts'

/** What each type of scheme needs to be enforced, and what only people read. https://spec.openapis.org/oas/v3.2.0.html#security-scheme-object */
const needs: Readonly<Record<string, readonly string[]>> = {
  apiKey: ['name', 'in'],
  http: ['scheme'],
  oauth2: ['flows'],
  openIdConnect: ['openIdConnectUrl'],
  mutualTLS: [],
}

const flowUrls: Readonly<Record<string, readonly string[]>> = {
  implicit: ['authorizationUrl'],
  password: ['tokenUrl'],
  clientCredentials: ['tokenUrl'],
  authorizationCode: ['authorizationUrl', 'tokenUrl'],
  deviceAuthorization: ['deviceAuthorizationUrl', 'tokenUrl'],
}

export const securitySchemes: Rule = (survey, reporter) => {
  for (const { node } of survey.all('securityScheme')) {
    const type = node.at('type')?.string
    if (type === undefined || !Object.hasOwn(needs, type)) continue
    for (const key of needs[type]!) {
      if (node.at(key) === undefined) reporter.report('missing-field', node, { key, owner: `${type} security scheme` })
    }
    for (const [flow, flowNode] of node.get('flows')?.entries() ?? []) {
      for (const key of Object.hasOwn(flowUrls, flow) ? flowUrls[flow]! : []) {
        // The proxy verifies tokens and never fetches one here: the address is for people.
        if (flowNode.at(key) === undefined) reporter.report('missing-advised', flowNode, { key, owner: `${flow} flow` })
      }
    }
  }
}

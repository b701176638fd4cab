import type { IdentitySource, identityHeaders } from '../../../runtime/policies/identity-headers/identity-headers.ts'
import { definePolicy } from '../define.ts'

type Options = Readonly<Record<string, string>>

/** What frames a message, or tells of the client, is written by the server. */
const taken =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|content-type|expect|via|forwarded|x-forwarded-.*|x-request-id|cookie)$/i

export default definePolicy<typeof identityHeaders, Options>({
  name: 'identityHeaders',
  summary: 'Tells the upstream who calls; copies that callers send are removed from every request.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    propertyNames: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
    additionalProperties: { type: 'string', pattern: '^(consumer\\.(id|plan|roles)|scope|claim\\..+)$' },
    description: 'Field → `consumer.id`, `consumer.plan`, `consumer.roles`, `scope` or `claim.<name>`.',
  },
  publish(options) {
    const names = new Set(Object.keys(options).map((name) => name.toLowerCase()))
    return { hidesParameter: (name, place) => place === 'header' && names.has(name.toLowerCase()) }
  },
  instance: 'shared',
  lower(options, scope) {
    const names = Object.keys(options)
    const wrong = names.find((name) => taken.test(name))
    if (wrong !== undefined) {
      scope.report('identity-header', scope.node.at(wrong) ?? scope.node, { header: wrong })
      return undefined
    }
    return [{ headers: Object.fromEntries(names.map((name) => [name, sourceOf(options[name]!)])) }]
  },
})

function sourceOf(source: string): IdentitySource {
  if (source.startsWith('claim.')) return { claim: source.slice('claim.'.length) }
  return source as Exclude<IdentitySource, object>
}

import type { Verifier } from '../../../runtime/core/verifier.ts'
import type { authenticate } from '../../../runtime/policies/authenticate/authenticate.ts'
import type { SchemeRequirement } from '../../model/contract.ts'
import type { Reference } from '../../model/service-plan.ts'
import { definePolicy, type OperationScope } from '../define.ts'
import { field } from '../publication.ts'

/** Follows from the document's `security`: operations that ask for the same share one instance. */
export default definePolicy<typeof authenticate, Record<string, never>>({
  name: 'authenticate',
  summary: "Lets in whom the document's `security` admits: any of the requirements, all schemes within one.",
  levels: [],
  options: null,
  instance: 'operation',
  answers: {
    400: 'A credential that was given twice or cannot be read.',
    401: {
      description: 'No credential that is asked for, or one that is not valid.',
      headers: { 'WWW-Authenticate': field('How to show who calls (RFC 9110 §11.6.1).') },
    },
    403: 'The caller is known, but lacks a scope or role.',
  },
  lower(_, scope) {
    const { security = [] } = scope.contract
    const requirements = security.filter((requirement) => requirement.length > 0)
    if (requirements.length === 0) return undefined
    const isOptional = requirements.length < security.length
    const anyOf = requirements.map((requirement) => requirement.map((use) => lowerUse(use, scope)))
    return scope.instance<typeof authenticate>(nameOf(requirements, isOptional), {
      module: 'policies/authenticate',
      export: 'authenticate',
      args: [{ anyOf, ...(isOptional ? { optional: true } : {}) }],
      about: aboutOf(requirements, isOptional),
    })
  },
})

function lowerUse({ scheme, scopes }: SchemeRequirement, scope: OperationScope) {
  const verifier = scope.verifier(scheme) as Reference<Verifier>
  if (scopes.length === 0) return verifier
  return grantsScopes(scheme.type) ? { verifier, scopes } : { verifier, roles: scopes }
}

/** OpenAPI 3.1 §4.8.30: for every other type of scheme the list holds role names. */
function grantsScopes(type: SchemeRequirement['scheme']['type']): boolean {
  return type === 'oauth2' || type === 'openIdConnect'
}

/** `partnerKeyOrBearer`, `bearerAndMtls`, `optionalPartnerKey`; scopes follow their scheme where there are few. */
function nameOf(requirements: readonly (readonly SchemeRequirement[])[], isOptional: boolean): string {
  const one = ({ scheme, scopes }: SchemeRequirement): string =>
    scopes.length === 0 ? scheme.name : `${scheme.name} ${scopes.length > 2 ? 'with scopes' : scopes.join(' ')}`
  const name = requirements.map((all) => all.map(one).join(' and ')).join(' or ')
  return isOptional ? `optional ${name}` : requirements.flat().length === 1 ? `by ${name}` : name
}

function aboutOf(requirements: readonly (readonly SchemeRequirement[])[], isOptional: boolean): string {
  const one = ({ scheme, scopes }: SchemeRequirement): string =>
    scopes.length === 0 ? scheme.name : `${scheme.name} (${scopes.join(', ')})`
  const ways = requirements.map((all) => all.map(one).join(' and '))
  return `Asks for ${[...ways, ...(isOptional ? ['nothing'] : [])].join(', or ')}.`
}

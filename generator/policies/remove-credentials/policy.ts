import type { Verifier } from '../../../runtime/core/verifier.ts'
import type { removeCredentials } from '../../../runtime/policies/remove-credentials/remove-credentials.ts'
import type { OperationContract, SchemeContract } from '../../model/contract.ts'
import type { Reference } from '../../model/service-plan.ts'
import { definePolicy } from '../define.ts'

/**
 * Follows from the document's `security`: a client that shows its key with every request shows it to operations that ask
 * for none as well, and their upstream is not told either.
 */
export default definePolicy<typeof removeCredentials, Record<string, never>>({
  name: 'removeCredentials',
  summary: 'Removes credentials that are verified elsewhere from requests to operations that do not ask for them.',
  levels: [],
  options: null,
  instance: 'operation',
  lower(_, scope) {
    const taken = placesOf(scope.contract)
    const foreign = scope.verified.filter((scheme) => !taken.some((place) => overlaps(place, placeOf(scheme))))
    if (foreign.length === 0) return undefined
    return scope.instance<typeof removeCredentials>(`without ${foreign.map(({ name }) => name).join(' and ')}`, {
      module: 'policies/remove-credentials',
      export: 'removeCredentials',
      args: [{ verifiers: foreign.map((scheme) => scope.verifier(scheme) as Reference<Verifier>) }],
      about: `Takes out what nobody here asks for: ${foreign.map(({ name }) => name).join(', ')}.`,
    })
  },
})

const authorization = 'header authorization'

/** Where the operation itself looks for something: its own schemes empty theirs, and parameters are data. */
function placesOf({ security = [], parameters }: OperationContract): string[] {
  return [
    ...security.flat().map(({ scheme }) => placeOf(scheme)),
    ...parameters.map(({ in: place, name }) => keyPlace(place, name)).filter((place) => place !== authorization),
  ]
}

/** What carries a credential; of the field `Authorization` there are kinds. */
function placeOf({ type, in: place, parameterName, httpScheme, name }: SchemeContract): string {
  if (type === 'apiKey') return keyPlace(place!, parameterName!)
  if (type === 'mutualTLS') return `certificate ${name}`
  return `${authorization} ${type === 'http' ? httpScheme : 'bearer'}`
}

function keyPlace(place: string, name: string): string {
  return `${place} ${place === 'header' ? name.toLowerCase() : name}`
}

function overlaps(one: string, other: string): boolean {
  const isField = one === authorization || other === authorization
  return one === other || (isField && one.startsWith(authorization) && other.startsWith(authorization))
}

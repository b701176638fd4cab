import type { Verifier } from '../../../runtime/core/verifier.ts'
import type { authorize, ClaimValue, Ownership } from '../../../runtime/policies/authorize/authorize.ts'
import type { SchemeContract } from '../../model/contract.ts'
import type { Reference } from '../../model/service-plan.ts'
import { definePolicy, type OperationScope } from '../define.ts'

interface Options {
  readonly roles?: readonly string[]
  readonly scopes?: readonly string[]
  readonly claims?: Readonly<Record<string, ClaimValue | readonly ClaimValue[]>>
  readonly match?: 'all' | 'any'
  readonly owner?: Readonly<Record<string, string>>
}

const names = { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true } as const
const value = { type: ['string', 'number', 'boolean'] } as const

export default definePolicy<typeof authorize, Options>({
  name: 'authorize',
  summary: 'Lets verified callers do what their roles, scopes, claims and ownership allow.',
  levels: ['document', 'path', 'operation'],
  options: {
    type: 'object',
    properties: {
      roles: { ...names, description: 'Roles of the consumer.' },
      scopes: { ...names, description: 'Scopes that were granted.' },
      claims: {
        type: 'object',
        propertyNames: { minLength: 1 },
        additionalProperties: { anyOf: [value, { type: 'array', items: value, minItems: 1 }] },
        description: 'Claims by name or path → the value they must have; of several, any.',
      },
      match: {
        enum: ['all', 'any'],
        default: 'all',
        description: 'Whether all of the roles, scopes and claims are needed, or one is enough.',
      },
      owner: {
        type: 'object',
        propertyNames: { pattern: '^path\\..+$' },
        additionalProperties: { type: 'string', pattern: '^claim\\..+$' },
        description: '`path.<parameter>: claim.<name>`: the value must be one of the claim’s, whatever `match` says.',
      },
    },
    additionalProperties: false,
  },
  instance: 'operation',
  answers: {
    401: 'A credential is required.',
    403: 'The caller is known but may not do this.',
  },
  lower({ roles = [], scopes = [], claims = {}, match = 'all', owner = {} }, scope) {
    const { contract } = scope
    const schemes = schemesOf(scope)
    if (!schemes.some(isVerified)) {
      scope.report('authorize-unverified', scope.node, { operation: contract.id })
      return undefined
    }
    return [
      {
        roles,
        scopes,
        claims: Object.fromEntries(
          Object.entries(claims).map(([name, one]): [string, readonly ClaimValue[]] => [
            name,
            Array.isArray(one) ? one : [one as ClaimValue],
          ]),
        ),
        match,
        owner: Object.entries(owner).flatMap(([parameter, claim]) => lowerOwner(parameter, claim, scope)),
        verifiers: schemes.map((scheme) => scope.verifier(scheme) as Reference<Verifier>),
      },
    ]
  },
})

/** The schemes of the operation, each once. */
function schemesOf({ contract }: OperationScope): SchemeContract[] {
  const schemes = (contract.security ?? []).flat().map(({ scheme }) => scheme)
  return schemes.filter(({ name }, index) => schemes.findIndex((other) => other.name === name) === index)
}

/** A scheme without `x-proxy` is only looked for, and vouches for nobody. */
function isVerified({ node }: SchemeContract): boolean {
  return (node.at('x-proxy')?.entries() ?? []).some(([, one]) => one.value !== false)
}

function lowerOwner(parameter: string, claim: string, scope: OperationScope): Ownership[] {
  const { path } = scope.contract
  const variables = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name)
  const name = parameter.slice('path.'.length)
  const index = variables.indexOf(name)
  const style = scope.contract.parameters.find((one) => one.in === 'path' && one.name === name)?.style
  const prefix = style === 'matrix' ? `;${name}=` : style === 'label' ? '.' : undefined
  if (index >= 0) return [{ index, claim: claim.slice('claim.'.length), ...(prefix && { prefix }) }]
  scope.report('authorize-owner', scope.node.at('owner') ?? scope.node, { owner: parameter, path })
  return []
}

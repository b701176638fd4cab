import type { SchemeContract, SecurityRequirement } from '../model/contract.ts'
import type { OperationPlan } from '../model/service-plan.ts'

/** Who may call an operation, for people who review it: `partnerKey or (bearer and mtls)`, `anybody`. */
export function accessOf(
  security: readonly SecurityRequirement[] | undefined,
  isVerified: (scheme: SchemeContract) => boolean,
): Pick<OperationPlan, 'access' | 'openTo'> {
  if (security === undefined || security.length === 0) return { access: 'anybody', openTo: 'anybody' }
  const access = security
    .map((all) => {
      const names = all.map(({ scheme, scopes }) => {
        const name = isVerified(scheme) ? scheme.name : `${scheme.name}, not verified`
        return scopes.length === 0 ? name : `${name} (${scopes.join(' ')})`
      })
      return names.length === 0 ? 'anybody' : names.join(' and ')
    })
    .join(', or ')
  if (security.some((all) => all.length === 0)) return { access, openTo: 'anybody' }
  // A certificate that nothing looks at never counts as there.
  const isOpen = (scheme: SchemeContract): boolean => !isVerified(scheme) && scheme.type !== 'mutualTLS'
  const isUnverified = security.some((all) => all.every(({ scheme }) => isOpen(scheme)))
  return { access, openTo: isUnverified ? 'unverified' : undefined }
}

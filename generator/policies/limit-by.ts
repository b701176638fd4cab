import type { LimitBy } from '../../runtime/limits/caller.ts'

/** Option schema of `by`. */
export function byOption(fallback: string) {
  return {
    type: 'string',
    pattern: "^(consumer|address|service|header\\.[!#$%&'*+.^_`|~0-9A-Za-z-]+|claim\\.\\S+)$",
    default: fallback,
    description:
      'Whose requests count together: `consumer` (the address of who is not known), `address`, `service`, `header.<Name>` or `claim.<name>`.',
  } as const
}

export function lowerBy(by: string): LimitBy {
  if (by.startsWith('header.')) return { header: by.slice('header.'.length) }
  if (by.startsWith('claim.')) return { claim: by.slice('claim.'.length) }
  return by as 'address' | 'consumer' | 'service'
}

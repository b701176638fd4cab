import type { AnyPolicy } from '../../policies/define.ts'
import type { Reporter } from '../../report/reporter.ts'
import { checkValue } from './block.ts'
import type { KnownKey } from './keys.ts'
import type { OptionFindings } from './options.ts'
import type { Placed } from './placed.ts'

/** A security scheme's `x-proxy` stands alone: nothing is inherited, and one verifier is all there can be. */
export function checkScheme(
  block: Placed,
  keys: readonly KnownKey[],
  policies: readonly AnyPolicy[],
  findings: OptionFindings,
  reporter: Reporter,
): void {
  const verifiers = policies.filter((policy) => policy.instance === 'scheme').map((policy) => policy.key ?? policy.name)
  const [first, second] = [...(block.members ?? [])].filter(
    ([key, { scalar }]) => verifiers.includes(key) && scalar !== false,
  )
  if (first !== undefined && second !== undefined) {
    reporter.report('verifier-conflict', second[1].key, { key: second[0], other: first[0] }, [
      { place: first[1].key, message: 'the other' },
    ])
  }
  for (const [key, value] of block.members ?? []) {
    const known = keys.find((candidate) => candidate.key === key && candidate.levels.includes('scheme'))
    if (known !== undefined) checkValue(known, value, findings, 'whole')
  }
}

import { notBuiltYet, reusableGroups, upstreamOptions } from '../../model/vocabulary.ts'
import { nearest } from '../../report/nearest.ts'
import type { Reporter } from '../../report/reporter.ts'
import { keyPlace } from '../key-place.ts'
import type { Survey } from '../survey.ts'
import { checkBlock } from './block.ts'
import type { KnownKey } from './keys.ts'
import type { OptionFindings } from './options.ts'
import { placed } from './placed.ts'

/**
 * `components.x-proxy.<group>.<name>`. An upstream is judged where it stands. A group of policies is judged as a block of
 * keys, unless something refers to it by `$ref`: then it is judged in the place it is put.
 */
export function checkGroups(
  survey: Survey,
  keys: readonly KnownKey[],
  findings: OptionFindings,
  reporter: Reporter,
): void {
  const groups = survey.tree.root.at('components')?.at('x-proxy')
  if (groups === undefined) return
  const referenced = references(survey)
  for (const [group, entries] of groups.entries()) {
    const place = keyPlace(groups, group)
    if (notBuiltYet.includes(`components.x-proxy.${group}`)) {
      reporter.report('not-supported-yet', place, { key: `components.x-proxy.${group}` })
    } else if (!reusableGroups.some((known) => known === group)) {
      const near = nearest(group, reusableGroups)
      reporter.report('unknown-key', place, {
        key: `components.x-proxy.${group}`,
        ...(near === undefined ? {} : { nearest: near }),
      })
    }
    for (const [name, entry] of entries.entries()) {
      const value = placed(entry, keyPlace(entries, name), reporter)
      if (group === 'upstreams') findings.check(upstreamOptions, value, ['upstreams', name], 'partial')
      if (group === 'policies' && !referenced.has(`#/components/x-proxy/policies/${name}`)) {
        checkBlock(value, 'group', keys, findings, reporter)
      }
    }
  }
}

/** Every `$ref` written inside an `x-proxy`. */
function references(survey: Survey): Set<string> {
  const found = new Set<string>()
  const pending: unknown[] = survey.proxies.map(({ node }) => node.value)
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [key, member] of Object.entries(value)) {
      if (key === '$ref' && typeof member === 'string') found.add(member)
      pending.push(member)
    }
  }
  return found
}

import { isObject } from '../../model/json.ts'
import { notBuiltYet, reusableGroups, storeOptions, upstreamOptions } from '../../model/vocabulary.ts'
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
  if (!isObject(groups.value)) findings.invalid(groups.place, ['components.x-proxy'], 'must be an object of groups')
  const { referenced, used } = mentions(survey)
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
    if (!isObject(entries.value)) findings.invalid(entries.place, [`components.x-proxy.${group}`], 'must be an object')
    for (const [name, entry] of entries.entries()) {
      const value = placed(entry, keyPlace(entries, name), reporter)
      if (group === 'upstreams') findings.check(upstreamOptions, value, ['upstreams', name], 'partial')
      if (group === 'stores') findings.check(storeOptions, value, ['stores', name], 'whole')
      if (group !== 'policies') continue
      const isFragment = referenced.has(`#/components/x-proxy/policies/${name}`) && !used.has(name)
      if (isFragment) continue
      checkBlock(value, 'group', keys, findings, reporter)
      const use = value.members?.get('use')
      if (use !== undefined) findings.invalid(use.key, ['use'], 'does not reach from one group to another')
    }
  }
}

/** Every `$ref` written inside an `x-proxy`, and every name in a `use`. */
function mentions(survey: Survey): { readonly referenced: ReadonlySet<string>; readonly used: ReadonlySet<string> } {
  const referenced = new Set<string>()
  const used = new Set<string>()
  const seen = new Set<unknown>()
  const pending: unknown[] = survey.proxies.map(({ node }) => node.value)
  for (const { node } of survey.proxies) for (const item of node.at('use')?.items() ?? []) used.add(item.string ?? '')
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    for (const [key, member] of Object.entries(value)) {
      if (key === '$ref' && typeof member === 'string') referenced.add(member)
      pending.push(member)
    }
  }
  return { referenced, used }
}

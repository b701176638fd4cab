import type { AnyPolicy } from '../policies/define.ts'
import type { Reporter } from '../report/reporter.ts'
import { keyPlace } from './key-place.ts'
import type { Survey } from './survey.ts'
import { checkBlock } from './x-proxy/block.ts'
import { checkEffective } from './x-proxy/effective.ts'
import { checkGroups } from './x-proxy/groups.ts'
import { knownKeys } from './x-proxy/keys.ts'
import { levelOf } from './x-proxy/level.ts'
import { checkNames, checkPlans, checkUses, planKeys } from './x-proxy/names.ts'
import { OptionFindings } from './x-proxy/options.ts'
import { type Placed, placed } from './x-proxy/placed.ts'
import { checkScheme } from './x-proxy/scheme.ts'

/**
 * Checks every `x-proxy` of the document against the vocabulary: the compiler's own keys and those the policies define.
 * Strict throughout: a key that is not understood is a protection that is not there.
 */
export function checkProxy(survey: Survey, reporter: Reporter, policies: readonly AnyPolicy[]): void {
  const { root } = survey.tree
  const keys = knownKeys(policies)
  const findings = new OptionFindings(reporter, keys)
  const limits = new Set<string>()
  const blocks: Placed[] = []
  for (const { node, owner, kind, compiled } of survey.proxies) {
    if (kind === 'components') continue
    const place = keyPlace(owner, 'x-proxy')
    const level = levelOf[kind]
    if (level === undefined || !compiled) {
      reporter.report('x-proxy-misplaced', place, {
        where: compiled
          ? `in ${owner.reference === undefined ? 'such an object' : 'a reference'}`
          : 'where nothing is served',
      })
      continue
    }
    const block = placed(node, place, reporter)
    checkBlock(block, level, keys, findings, reporter)
    checkNames(block, root, reporter)
    checkUses(block, level, root, keys, findings, reporter)
    blocks.push(block)
    if (level === 'scheme') checkScheme(block, keys, policies, findings, reporter)
  }
  for (const [, group] of root.at('components')?.at('x-proxy')?.at('policies')?.entries() ?? []) {
    const block = placed(group, group.place, undefined)
    checkNames(block, root, reporter)
    blocks.push(block)
  }
  for (const block of blocks)
    for (const key of planKeys) {
      for (const name of block.members?.get(key)?.members?.keys() ?? []) limits.add(`${key} ${name}`)
    }
  for (const block of blocks) checkPlans(block, limits, reporter)
  checkGroups(survey, keys, findings, reporter)
  checkEffective(survey, keys, findings)
}

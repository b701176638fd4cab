import { isObject } from '../../model/json.ts'
import type { VocabularyLevel } from '../../model/vocabulary.ts'
import type { Reporter } from '../../report/reporter.ts'
import type { KnownKey } from './keys.ts'
import { levelWords } from './level.ts'
import type { OptionFindings } from './options.ts'
import type { Placed } from './placed.ts'

/** Checks what one `x-proxy` says: its keys, their levels and, as far as one level can be judged alone, their values. */
export function checkBlock(
  block: Placed,
  level: VocabularyLevel | 'group',
  keys: readonly KnownKey[],
  findings: OptionFindings,
  reporter: Reporter,
): void {
  if (block.members === undefined) {
    findings.invalid(block.place, ['x-proxy'], 'must be an object')
    return
  }
  // A group is used on documents, path items and operations; which of them, its uses say.
  const levels: readonly VocabularyLevel[] = level === 'group' ? ['document', 'path', 'operation'] : [level]
  const stands = (known: KnownKey) => levels.some((one) => known.levels.includes(one))
  const here = keys.filter(stands).map(({ key }) => key)
  for (const [key, value] of block.members) {
    const named = keys.filter((known) => known.key === key)
    const known = named.find(stands)
    if (known !== undefined) checkValue(known, value, findings, 'partial')
    else if (named.length === 0) findings.unknown(key, value.key, here, [])
    else {
      const allowed = [...new Set(named.flatMap((candidate) => candidate.levels))].map((one) => levelWords[one])
      reporter.report('wrong-level', value.key, { key, level: levelWords[level], levels: allowed })
    }
  }
}

/** A key's value: `false`, `enabled: false`, and the options, or each named member's. */
export function checkValue(
  known: KnownKey,
  value: Placed,
  findings: OptionFindings,
  extent: 'partial' | 'whole',
): void {
  const name = [known.key]
  if (!known.policy) {
    findings.check(known.options, value, name, extent)
    return
  }
  if (value.scalar === false) return
  if (!known.each) {
    // `true` is the policy with its defaults.
    const options = value.scalar === true ? { ...value, scalar: undefined, members: new Map<string, Placed>() } : value
    checkOptions(known, options, name, findings, extent)
    return
  }
  if (value.members === undefined) {
    findings.invalid(value.place, name, 'must be an object of named members, or false')
    return
  }
  if (isOff(value)) return
  for (const [member, options] of value.members) {
    if (member === 'enabled') checkSwitch(options, name, findings)
    else if (options.scalar !== false) checkOptions(known, options, [known.key, member], findings, extent)
  }
}

function checkOptions(
  known: KnownKey,
  value: Placed,
  name: readonly string[],
  findings: OptionFindings,
  extent: 'partial' | 'whole',
): void {
  const enabled = declares(known, 'enabled') ? undefined : value.members?.get('enabled')
  if (enabled !== undefined) checkSwitch(enabled, name, findings)
  if (extent === 'whole' && isOff(value)) return
  const members = new Map(value.members)
  if (enabled !== undefined) members.delete('enabled')
  findings.check(known.options, value.members === undefined ? value : { ...value, members }, name, extent)
}

/** Whether the value switches its policy off. */
function isOff(value: Placed): boolean {
  return value.scalar === false || value.members?.get('enabled')?.scalar === false
}

function checkSwitch(value: Placed, name: readonly string[], findings: OptionFindings): void {
  if (typeof value.scalar !== 'boolean') findings.invalid(value.place, [...name, 'enabled'], 'must be true or false')
}

function declares(known: KnownKey, property: string): boolean {
  const properties = known.options['properties']
  return isObject(properties) && Object.hasOwn(properties, property)
}

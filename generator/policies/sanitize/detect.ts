import type { DetectorName } from '../../../runtime/policies/sanitize/detectors.ts'
import type { OwnPattern } from '../../../runtime/policies/sanitize/options.ts'
import type { JsonObject } from '../../model/json.ts'
import { engineOf } from '../../model/pattern/engine.ts'
import { patternKind } from '../../model/pattern.ts'
import type { OperationScope } from '../define.ts'

/** Name → true (a built-in of that name), the name of a built-in, or a regular expression. */
export type Detect = Readonly<Record<string, boolean | string>>

const builtIn = ['card', 'jwt', 'private-key', 'email', 'iban'] as const

export const detectOptions: JsonObject = {
  type: 'object',
  minProperties: 1,
  additionalProperties: { anyOf: [{ type: 'boolean' }, { type: 'string', minLength: 1, maxLength: 500 }] },
  description: `What to look for in JSON strings and texts: by a name of your own, a built-in (${builtIn.map((name) => `\`${name}\``).join(', ')}) or a regular expression. \`true\`: the built-in of that name.`,
}

export function lowerDetect(
  detect: Detect,
  scope: OperationScope,
): Readonly<Record<string, DetectorName | OwnPattern>> | undefined {
  const found: [string, DetectorName | OwnPattern][] = []
  for (const [name, value] of Object.entries(detect)) {
    if (value === false) continue
    const one = lowerOne(value === true ? name : value, value === true)
    if (typeof one === 'object' && 'problem' in one) {
      const node = scope.node.at('detect')?.at(name) ?? scope.node
      scope.report('option-invalid', node, { key: `sanitize.detect.${name}`, problem: one.problem })
    } else found.push([name, one])
  }
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

function lowerOne(text: string, isName: boolean): DetectorName | OwnPattern | { readonly problem: string } {
  const known = builtIn.find((name) => name === text)
  if (known !== undefined) return known
  if (isName) return { problem: `is no built-in; there are ${builtIn.join(', ')}` }
  const kind = patternKind(text)
  if (kind === 'broken' || kind === 'foreign') return { problem: 'is no regular expression of ECMAScript' }
  if (new RegExp(text, kind === 'unicode' ? 'u' : '').test('')) return { problem: 'matches where nothing stands' }
  if (nestsRepetition(text) || isSlow(text)) {
    return {
      problem: 'repeats what repeats, which some texts would make last for ever; bound the repetitions, as {1,20}',
    }
  }
  return { pattern: text, flags: kind === 'unicode' ? 'u' : '' }
}

/** Whether an unbounded repetition stands round another repetition or an alternative, or several beside each other overlap. */
function nestsRepetition(pattern: string): boolean {
  const open: { repeats: boolean }[] = [{ repeats: false }]
  let unbounded = 0
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!
    if (c === '\\') i++
    else if (c === '[') {
      while (i < pattern.length && pattern[i] !== ']') i += pattern[i] === '\\' ? 2 : 1
    } else if (c === '(') open.push({ repeats: false })
    else if (c === ')') {
      const group = open.length > 1 ? open.pop()! : open[0]!
      const outer = open[open.length - 1]!
      if (group.repeats && isUnbounded(pattern, i + 1)) return true
      if (group.repeats) outer.repeats = true
    } else if (c === '|') open[open.length - 1]!.repeats = true
    else if (c === '+' || c === '*' || c === '{') {
      open[open.length - 1]!.repeats = true
      if (isUnbounded(pattern, i)) unbounded++
    }
  }
  return unbounded > 2
}

/** Whether a text may cost more than its length for each of its characters: more than a search from each of them does. */
function isSlow(pattern: string): boolean {
  const engine = engineOf(pattern)
  if (engine.kind === 'automaton') return engine.upTo < 200
  return engine.kind === 'never' || (engine.kind === 'bounded' && engine.upTo < 900)
}

function isUnbounded(pattern: string, at: number): boolean {
  return /^(?:[+*]|\{\d+,(?:\d{3,})?\})/.test(pattern.slice(at, at + 12))
}

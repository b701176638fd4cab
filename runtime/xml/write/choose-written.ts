import type { JsonIndex } from '../../json/json-index.ts'
import { patternValue } from '../pattern-of.ts'
import { Kind, type Written } from './written.ts'

/** Alternatives within alternatives; a schema that is its own alternative must not keep us for ever. */
const deepest = 16

/** The alternative a value has: by its discriminator, else the first whose members it has. Undefined: none. */
export function chooseWritten(json: JsonIndex, choice: Written, at: number, depth = 0): Written | undefined {
  if (choice.kind !== Kind.choice) return choice
  if (depth > deepest) return undefined
  const isObject = json.kind(at) === 0x7b
  const keys = isObject ? keysOf(json, at) : new Map<string, number>()
  const teller = choice.by === undefined ? undefined : keys.get(choice.by)
  if (teller !== undefined && json.kind(teller) === 0x22) {
    const word = json.string(teller)
    const told = choice.alternatives.find(({ is }) => is.includes(word))
    if (told !== undefined) return chooseWritten(json, told.value, at, depth + 1)
  }
  let second: Written | undefined
  for (const { value } of choice.alternatives) {
    if (value.kind === Kind.choice) {
      second ??= chooseWritten(json, value, at, depth + 1)
      continue
    }
    if (!mayBe(json, value, at)) continue
    if (!isObject || value.kind !== Kind.object) return value
    if (!value.required.every((key) => keys.has(key))) continue
    if ([...keys].every(([key, member]) => hasPlace(json, value, key, member))) return value
    second ??= value
  }
  return second
}

/** Whether an object has a place for a member, by its name and by what it is. */
function hasPlace(json: JsonIndex, { keys, members, patterns, additional }: Written, key: string, at: number): boolean {
  const index = keys.get(key)
  if (index === undefined) return patternValue(patterns, key, additional) !== undefined
  const { value } = members[index]!
  return json.kind(at) === 0x6e || value.kind !== Kind.scalar || mayBe(json, value, at)
}

function keysOf(json: JsonIndex, at: number): Map<string, number> {
  const keys = new Map<string, number>()
  const end = json.after[at]!
  for (let name = at + 1; name < end; name = json.after[name + 1]!) keys.set(json.string(name), name + 1)
  return keys
}

function mayBe(json: JsonIndex, value: Written, at: number): boolean {
  const kind = json.kind(at)
  if (value.kind === Kind.any) return true
  if (kind === 0x7b) return value.kind === Kind.object
  if (kind === 0x5b) return value.kind === Kind.array || value.kind === Kind.tuple
  const isNumber = kind === 0x2d || (kind >= 0x30 && kind <= 0x39)
  return value.kind === Kind.scalar && (isNumber || !value.isInteger)
}

import type { JsonIndex } from '../../json/json-index.ts'
import { patternValue } from '../pattern-of.ts'
import { Kind, type Written, type WrittenAlternative } from './written.ts'

/** Alternatives within alternatives; a schema that is its own alternative must not keep us for ever. */
const deepest = 16

/** The alternative a value has: by its discriminator, else the first whose members it has. Undefined: none. */
export function chooseWritten(json: JsonIndex, choice: Written, at: number): Written | undefined {
  const isObject = json.kind(at) === 0x7b
  const keys = isObject ? keysOf(json, at) : new Map<string, number>()
  let second: Written | undefined
  const values = [...leaves(json, choice, keys, 0)]
  // What a discriminator has told is not asked for its members.
  if (values.length === 1) return values[0]
  for (const value of values) {
    if (!mayBe(json, value, at)) continue
    if (!isObject || value.kind !== Kind.object) return value
    if (!value.required.every((key) => keys.has(key))) continue
    if ([...keys].every(([key, member]) => hasPlace(json, value, key, member))) return value
    second ??= value
  }
  return second
}

/** What a choice is between in the end, those aside that discriminators rule out. */
function* leaves(
  json: JsonIndex,
  value: Written,
  keys: ReadonlyMap<string, number>,
  depth: number,
): Generator<Written> {
  if (value.kind !== Kind.choice) yield value
  else if (depth <= deepest) {
    const told = toldBy(json, value, keys)
    for (const one of told === undefined ? value.alternatives : [told]) yield* leaves(json, one.value, keys, depth + 1)
  }
}

/** The alternative that the discriminator names. */
function toldBy(json: JsonIndex, choice: Written, keys: ReadonlyMap<string, number>): WrittenAlternative | undefined {
  const teller = choice.by === undefined ? undefined : keys.get(choice.by)
  if (teller === undefined || json.kind(teller) !== 0x22) return undefined
  const word = json.string(teller)
  return choice.alternatives.find(({ is }) => is.includes(word))
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

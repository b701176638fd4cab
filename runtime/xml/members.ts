import { ownKey } from './flat.ts'
import { type Frame, type Slot, State } from './frame.ts'
import { type Candidate, Kind as kinds, type Linked, Role as roles } from './linked.ts'
import { beginEither } from './lists.ts'
import { isNil } from './nil.ts'
import type { Walk } from './walk.ts'

// Constants of its own, which V8 folds: see characters.ts.
const Kind = kinds
const Role = roles

/** The members of an object that is being written: `"key":value,` each, arrays left open as long as they may go on. */

const comma = 0x2c

/** The element that has just been opened is this member, or an item of it. */
export function beginMember(walk: Walk, frame: Frame, slot: Slot, candidate: Candidate, weak: boolean): void {
  const { member } = candidate
  if (slot.seen && slot.weak !== weak) {
    if (weak) {
      walk.skip()
      return
    }
    remove(walk, frame, slot)
  }
  const { value } = member
  if (value.kind !== Kind.array || (value.nullable && !slot.seen && candidate.role !== Role.item && isNil(walk))) {
    if (slot.seen) walk.fail(`has "${ownKey(member.key)}" more than once`, 'maxItems')
    closeArray(walk, frame)
    start(walk, slot, member.bytes, weak)
    walk.begin(value, slot, false, member.key)
    return
  }
  if (slot.seen && !slot.array) walk.fail(`has "${ownKey(member.key)}" more than once`, 'maxItems')
  if (!slot.seen) {
    closeArray(walk, frame)
    start(walk, slot, member.bytes, weak)
    slot.beginArray()
    walk.out.byte(0x5b)
    frame.open = slot
  }
  // Items that come when other members have been written are kept aside until the object ends.
  const detached = frame.open !== slot
  if (candidate.role === Role.item) {
    beginItem(walk, slot, value.items!, detached, member.key)
    return
  }
  beginEither(walk, slot, detached, candidate, value)
}

function start(walk: Walk, slot: Slot, key: Uint8Array, weak: boolean): void {
  slot.begin(walk.out.at, weak)
  walk.out.write(key)
}

export function beginItem(walk: Walk, slot: Slot, items: Linked, detached: boolean, key: string): void {
  slot.count++
  if (detached) slot.late++
  walk.begin(items, slot, detached, key)
}

/** Ends the array that is being written, since another member or the end of the object comes. */
export function closeArray(walk: Walk, frame: Frame): void {
  const slot = frame.open
  if (slot === undefined) return
  frame.open = undefined
  closeBracket(walk, 0x5d)
  slot.end = walk.out.at - 1
  walk.out.byte(comma)
}

/** Ends an array or object: its last comma gives way to the bracket. */
export function closeBracket({ out }: Walk, bracket: number): void {
  if (out.bytes[out.at - 1] === comma) out.bytes[out.at - 1] = bracket
  else out.byte(bracket)
}

/** Takes back a member that was accepted by its local name only. */
function remove(walk: Walk, frame: Frame, slot: Slot): void {
  const { start, end, array } = slot
  // Too late where the answer has left already; both cannot be right.
  if (start < 0) walk.fail('has two elements of one name in different namespaces', 'xml')
  if (frame.open === slot) {
    frame.open = undefined
    walk.out.at = start
  } else frame.edits.push({ at: start, remove: (array ? end + 2 : end) - start, insert: '' })
  slot.seen = false
}

/** Items that came late go to the end of their array. */
export function putIn(frame: Frame, slot: Slot): void {
  if (!slot.seen || !slot.array || slot.overflow === '') return
  const items = slot.overflow.slice(0, -1)
  frame.edits.push({ at: slot.end, remove: 0, insert: slot.count > slot.late ? `,${items}` : items })
}

/** From where on the JSON of this frame may still change. */
export function hold(frame: Frame): number {
  let lowest = Number.POSITIVE_INFINITY
  if (frame.state === State.any) return frame.begin
  if (frame.state !== State.object) return lowest
  if (frame.linked.due !== undefined) return frame.begin
  const closed = (slot: Slot): void => {
    if (slot.seen && slot.array && slot !== frame.open && slot.end < lowest) lowest = slot.end
  }
  for (const member of frame.linked.arrays) closed(frame.slots[member.index]!)
  for (const slot of frame.namedArrays) closed(slot)
  for (const edit of frame.edits) if (edit.at < lowest) lowest = edit.at
  return lowest
}

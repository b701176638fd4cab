import type { Attributes } from './attributes.ts'
import { type Frame, Slot, State } from './frame.ts'
import { Linked } from './linked.ts'
import { closeBracket } from './members.ts'
import { attributeKeyOf, keyOf, type Name } from './names.ts'
import { instanceNamespace } from './nil.ts'
import { Mode } from './text.ts'
import type { Walk } from './walk.ts'

/** A value of any kind. */
export const anything = new Linked()
anything.nullable = true

/**
 * Values without a schema. An element with text alone is a string; else it is an object: attributes as `@name`, text as
 * `#text`, elements by local name, those that occur more than once as an array. Nothing is guessed to be a number.
 */
export function beginAny(walk: Walk, frame: Frame, linked: Linked): void {
  frame.resetContent()
  frame.state = State.any
  frame.mode = Mode.json
  const { out, scanner } = walk
  const { attributes } = scanner
  // The quote of a string; it becomes a brace if this turns out to be an object.
  out.byte(0x22)
  if (linked.object) becomeObject(walk, frame)
  for (let i = 0; i < attributes.count; i++) {
    if (!isData(attributes, i) || isTwin(attributes, i)) continue
    becomeObject(walk, frame)
    out.write(attributeKeyOf(attributes.name(i)))
    out.byte(0x22)
    if (attributes.copyPlain(i, out)) out.byte(0x22)
    else {
      out.at--
      out.utf8(JSON.stringify(attributes.value(i)))
    }
    out.byte(0x2c)
  }
  frame.textStart = out.at
}

function isData(attributes: Attributes, index: number): boolean {
  return !attributes.isDeclaration(index) && attributes.uri(index) !== instanceNamespace
}

/** Attributes of one local name in several namespaces: the first is it. */
function isTwin(attributes: Attributes, index: number): boolean {
  if (!attributes.qualified) return false
  const { local } = attributes.name(index)
  for (let i = 0; i < index; i++) if (attributes.name(i).local === local && isData(attributes, i)) return true
  return false
}

function becomeObject(walk: Walk, frame: Frame): void {
  if (frame.object) return
  frame.object = true
  walk.out.bytes[frame.begin] = 0x7b
}

function collectText(walk: Walk, frame: Frame): void {
  const { text } = walk
  if (text.sawText) frame.sawText = true
  text.sawText = false
  if (walk.out.at > frame.textStart) frame.text += walk.out.cut(frame.textStart)
}

export function openInAny(walk: Walk, frame: Frame, name: Name): void {
  const { out } = walk
  collectText(walk, frame)
  becomeObject(walk, frame)
  frame.taken++
  const arrays = frame.arrays?.children.get(name.local)
  let slot = slotOf(frame, name.local)
  if (slot === undefined) {
    slot = addSlot(frame, name.local)
    closeMember(walk, frame)
    slot.begin(out.at, false)
    slot.beginArray()
    out.write(keyOf(name))
    slot.value = out.at
    slot.array = arrays?.isArray === true
    // A second element of the name makes it an array: there is a place for the bracket.
    out.byte(slot.array ? 0x5b : 0x20)
    frame.open = slot
  } else if (!slot.array) {
    slot.array = true
    out.bytes[slot.value] = 0x5b
    if (frame.open !== slot) {
      // It was closed as a single value: its bracket comes with the items that are put in.
      slot.reading = 'item'
    }
  }
  slot.count++
  walk.begin(anything, slot, frame.open !== slot, name.local)
  walk.frame.arrays = arrays
}

/** Few names are found by looking at each of them. */
const few = 12

function slotOf({ open, slots, named, distinct }: Frame, name: string): Slot | undefined {
  if (open?.name === name) return open
  if (named !== undefined) return named.get(name)
  for (let i = 0; i < distinct; i++) if (slots[i]!.name === name) return slots[i]
  return undefined
}

function addSlot(frame: Frame, name: string): Slot {
  const { slots } = frame
  const slot = (slots[frame.distinct++] ??= new Slot())
  slot.name = name
  if (frame.distinct === few) frame.named = new Map(slots.slice(0, few).map((one) => [one.name, one]))
  else frame.named?.set(name, slot)
  return slot
}

function closeMember(walk: Walk, frame: Frame): void {
  const slot = frame.open
  if (slot === undefined) return
  frame.open = undefined
  if (slot.array) {
    closeBracket(walk, 0x5d)
    slot.end = walk.out.at - 1
    walk.out.byte(0x2c)
  } else slot.end = walk.out.at - 1
}

export function closeAny(walk: Walk, frame: Frame): void {
  const { out } = walk
  if (!frame.object) {
    out.byte(0x22)
    return
  }
  collectText(walk, frame)
  closeMember(walk, frame)
  if (frame.sawText || (frame.text !== '' && frame.taken === 0)) {
    out.latin1('"#text":"')
    out.latin1(frame.text)
    out.latin1('",')
  }
  for (let i = 0; i < frame.distinct; i++) {
    const slot = frame.slots[i]!
    if (slot.overflow === '') continue
    const items = `,${slot.overflow.slice(0, -1)}`
    frame.edits.push({ at: slot.end, remove: 0, insert: slot.reading === 'item' ? `${items}]` : items })
  }
  out.edit(frame.edits)
  closeBracket(walk, 0x7d)
}

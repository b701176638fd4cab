import { chooseByTag } from './choices.ts'
import { type Frame, Slot, State } from './frame.ts'
import { hasKnownAttribute } from './known-attributes.ts'
import { type Candidate, find, Kind, type Linked, matches, Type } from './linked.ts'
import { beginItem, closeBracket } from './members.ts'
import type { Name } from './names.ts'
import { isNil } from './nil.ts'
import { beginObject, closeObject, openInObject, quoted, unknown } from './objects.ts'
import { patternValue } from './pattern-of.ts'
import { finishScalar } from './scalars.ts'
import { Mode } from './text.ts'
import type { Walk } from './walk.ts'

/** Arrays: in a wrapper of their own, or without one, whichever the document has. */

/** The wrapper of an array that belongs to an object outside. */
function beginList(walk: Walk, slot: Slot, detached: boolean, array: Linked, key: string): void {
  walk.push(State.list, array, slot, detached, key)
  walk.enter()
}

/** An array that is an item of another, or the whole document. */
export function beginArray(walk: Walk, frame: Frame): void {
  frame.state = State.array
  const slot = (frame.slots[0] ??= new Slot())
  slot.begin(walk.out.at, false)
  slot.beginArray()
  walk.out.byte(0x5b)
}

export function openInList(walk: Walk, frame: Frame, name: Name, uri: string, parentUri: string): void {
  if (walk.text.sawText) walk.fail('holds text, where an array is declared', 'type')
  const { itemMatch, items } = frame.linked
  // Where the schema does not name the items, whatever stands in the wrapper is one.
  if (itemMatch !== undefined && matches(itemMatch, name, uri, parentUri) === 0) {
    unknown(walk)
    return
  }
  if (frame.state === State.array) beginItem(walk, frame.slots[0]!, items!, false, '')
  else beginItem(walk, frame.slot!, items!, frame.detached, '')
}

export function closeList(walk: Walk, frame: Frame): void {
  if (walk.text.sawText) walk.fail('holds text, where an array is declared', 'type')
  if (frame.state === State.array) closeBracket(walk, 0x5d)
  walk.pop(frame.state === State.array)
}

/** An element that may be the wrapper of an array or one of its items. */
export function beginEither(walk: Walk, slot: Slot, detached: boolean, candidate: Candidate, array: Linked): void {
  const items = array.items!
  const { key } = candidate.member
  const named = array.itemMatch !== undefined && array.itemMatch.local !== candidate.match.local
  if (walk.scanner.attributes.count > 0 && isNil(walk)) {
    if (array.wrapped || !items.nullable) walk.fail('is nil, where null is not allowed', 'type')
    beginItem(walk, slot, items, detached, key)
    return
  }
  const told = items.called !== undefined && !array.wrapped && !named
  const plain = items.kind === Kind.scalar || items.kind === Kind.object || told
  const reading =
    slot.reading ??
    (plain
      ? (items.kind === Kind.object && hasKnownAttribute(walk, items)) ||
        (told && chooseByTag(walk, items) !== undefined)
        ? 'item'
        : undefined
      : array.wrapped || named
        ? 'wrapper'
        : 'item')
  if (reading === 'wrapper') {
    beginList(walk, slot, detached, array, key)
    return
  }
  if (reading === 'item') {
    beginItem(walk, slot, items, detached, key)
    return
  }
  const frame = walk.push(State.either, array, slot, detached, key)
  frame.candidate = candidate
  if (items.kind === Kind.scalar) {
    if (quoted(items)) walk.out.byte(0x22)
    frame.textStart = walk.out.at
    frame.mode = items.mode
  }
  walk.enter()
}

/** The first child tells: it is an item, or it is known to the item, or it is neither. */
export function openInEither(walk: Walk, frame: Frame, name: Name, uri: string, parentUri: string): void {
  const { linked: array, slot } = frame
  const items = array.items!
  const { itemMatch } = array
  // Items of a wrapped array are called as it is, where nothing else is said.
  const isItem =
    itemMatch === undefined
      ? array.wrapped && name.local === frame.candidate!.match.local
      : matches(itemMatch, name, uri, parentUri) > 0
  // Called as the wrapper is and not as items are, it is believed.
  const named = itemMatch !== undefined && itemMatch.local !== frame.candidate!.match.local
  const isWrapper = array.wrapped || named || name.local === frame.candidate!.match.local
  const isMember =
    items.kind === Kind.object &&
    (find(items, name, uri, parentUri) !== undefined || (!isItem && !isWrapper && takes(items, name)))
  if (isMember && !(isItem && (array.wrapped || named))) {
    slot!.reading = 'item'
    becomeItem(walk, frame, items)
    openInObject(walk, frame, name, uri, parentUri)
    return
  }
  const isOpen = items.kind === Kind.object || items.called !== undefined
  const undecided = isOpen && !array.wrapped && itemMatch === undefined
  if (undecided && name.local !== frame.candidate!.match.local) {
    walk.scanner.capture()
    frame.resetContent()
    frame.state = State.captured
    frame.undecided = true
    frame.mode = Mode.skip
    frame.sawText = walk.text.sawText
    frame.inside = 1
    walk.enter()
    return
  }
  const sawText = walk.text.sawText
  if (items.kind === Kind.scalar) walk.out.at = frame.begin
  if (sawText) walk.fail('holds text and elements, where an array is declared', 'type')
  slot!.reading = 'wrapper'
  frame.state = State.list
  frame.mode = Mode.skip
  openInList(walk, frame, name, uri, parentUri)
}

/** Whether an object is a map that has a place for the name. */
function takes({ patterns, additional }: Linked, name: Name): boolean {
  return patternValue(patterns, name.local, additional) !== undefined
}

function becomeItem(walk: Walk, frame: Frame, items: Linked): void {
  const { slot } = frame
  slot!.count++
  if (frame.detached) slot!.late++
  const sawText = walk.text.sawText
  beginObject(walk, frame, items, false)
  walk.text.sawText = sawText
}

/** Without children it is an item if it can be one as it is declared, else an empty array. */
export function closeEither(walk: Walk, frame: Frame): void {
  const { linked: array, slot, candidate } = frame
  const items = array.items!
  const { sawText } = walk.scanner.text
  const wrapper = array.wrapped || (array.itemMatch !== undefined && array.itemMatch.local !== candidate!.match.local)
  if (items.kind === Kind.object) {
    const isItem = sawText || (!wrapper && !items.members.some((member) => member.required))
    if (!isItem) {
      walk.pop(false)
      return
    }
    becomeItem(walk, frame, items)
    closeObject(walk, frame)
    walk.pop(true)
    return
  }
  const isItem = sawText || (!wrapper && (items.types & (Type.string | Type.token | Type.bytes)) !== 0)
  if (!isItem) {
    walk.out.at = frame.begin
    walk.pop(false)
    return
  }
  slot!.reading = 'item'
  slot!.count++
  if (frame.detached) slot!.late++
  finishScalar(walk, items, frame.textStart)
  walk.pop(true)
}

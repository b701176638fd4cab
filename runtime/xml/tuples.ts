import { type Frame, Slot, State } from './frame.ts'
import type { Linked } from './linked.ts'
import { matches, Type } from './linked.ts'
import { closeBracket } from './members.ts'
import type { Name } from './names.ts'
import { quoted, unknown } from './objects.ts'
import { finishScalar } from './scalars.ts'
import { Mode } from './text.ts'
import type { Walk } from './walk.ts'

/** Arrays whose items have a schema each (`prefixItems`): elements, and text between them where that is declared. */

export function beginTuple(walk: Walk, frame: Frame, linked: Linked): void {
  frame.resetContent()
  frame.state = State.tuple
  const slot = (frame.slots[0] ??= new Slot())
  slot.begin(walk.out.at, false)
  slot.beginArray()
  walk.out.byte(0x5b)
  frame.mode = linked.places.some(({ isText }) => isText) ? Mode.json : Mode.skip
  frame.textStart = walk.out.at
}

export function openInTuple(walk: Walk, frame: Frame, name: Name, uri: string, parentUri: string): void {
  takeText(walk, frame)
  const slot = frame.slots[0]!
  const place = frame.linked.places[slot.count]
  const value = place?.value ?? frame.linked.items
  const isNext = place?.match === undefined || matches(place.match, name, uri, parentUri) > 0
  if (value === undefined || !isNext || place?.isText === true) {
    unknown(walk)
    return
  }
  slot.count++
  walk.begin(value, slot, false, '')
}

export function closeTuple(walk: Walk, frame: Frame): void {
  takeText(walk, frame)
  closeBracket(walk, 0x5d)
}

/** Text that has come to its end is the next item, if the next item is text. */
function takeText(walk: Walk, frame: Frame): void {
  const { out, text } = walk
  const { sawText } = text
  const written = frame.mode === Mode.skip ? '' : out.cut(frame.textStart)
  const slot = frame.slots[0]!
  const place = frame.linked.places[slot.count]
  if (place?.isText !== true) {
    if (sawText) walk.fail('holds text where none is declared', 'type')
    return
  }
  slot.count++
  if (quoted(place.value)) out.byte(0x22)
  const start = out.at
  out.latin1(written)
  // As a string it is escaped already; the other types have nothing that could be.
  if ((place.value.types & (Type.token | Type.bytes)) === 0 && quoted(place.value)) out.byte(0x22)
  else {
    text.sawSpecial = true
    finishScalar(walk, place.value, start)
  }
  out.byte(0x2c)
}

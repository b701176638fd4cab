import { Buffer } from 'node:buffer'
import { putInPlace } from './flat.ts'
import { type Frame, Slot, State as states } from './frame.ts'
import {
  type Candidate,
  find,
  Kind as kinds,
  type Linked,
  lookup,
  type Member,
  matches,
  Role,
  Type as types,
} from './linked.ts'
import { beginMember, closeArray, closeBracket, putIn } from './members.ts'
import type { Name } from './names.ts'
import { instanceNamespace } from './nil.ts'
import { patternValue } from './pattern-of.ts'
import { finishScalar } from './scalars.ts'
import { Mode as modes } from './text.ts'
import type { Walk } from './walk.ts'

// Constants of its own, which V8 folds: see characters.ts.
const State = states
const Kind = kinds
const Type = types
const Mode = modes

/** Objects of a schema: children are looked up in its table, and written in the order of the document. */

/** @param attributes whether the element's attributes are still those that were read last */
export function beginObject(walk: Walk, frame: Frame, linked: Linked, attributes: boolean): void {
  frame.state = State.object
  frame.linked = linked
  frame.resetContent()
  frame.prepare(linked.members)
  walk.out.byte(0x7b)
  if (attributes && walk.scanner.attributes.count > 0 && linked.attributes.length > 0) {
    writeAttributes(walk, frame, linked)
  }
  const { text } = linked
  frame.mode = text === undefined ? Mode.skip : text.value.mode
  frame.textStart = walk.out.at
}

function writeAttributes(walk: Walk, frame: Frame, linked: Linked): void {
  const { out, scanner } = walk
  const { attributes } = scanner
  for (let i = 0; i < attributes.count; i++) {
    if (attributes.isDeclaration(i)) continue
    const name = attributes.name(i)
    const uri = attributes.uri(i)
    let member: Member | undefined
    for (const one of linked.attributes) {
      if (frame.slots[one.index]!.seen) continue
      const grade = matches(one.match, name, uri, '')
      if (grade === 2) {
        member = one
        break
      }
      if (grade === 1 && member === undefined && !hasExact(walk, one)) member = one
    }
    if (member === undefined) continue
    frame.slots[member.index]!.begin(out.at, false)
    out.write(member.bytes)
    if (uri === instanceNamespace && name.local === 'type') writeText(walk, member.value, typeName(attributes.value(i)))
    else if (!copyAttribute(walk, member.value, i)) writeText(walk, member.value, attributes.value(i))
    out.byte(0x2c)
  }
}

/** `xsi:type` names a type by a qualified name, whose prefix is this document's own affair. */
function typeName(value: string): string {
  return value.slice(value.indexOf(':') + 1)
}

/** Whether an attribute of the element is the member by its namespace too: then those of its name alone are not. */
function hasExact(walk: Walk, { match }: Member): boolean {
  const { attributes } = walk.scanner
  for (let i = 0; i < attributes.count; i++) {
    if (matches(match, attributes.name(i), attributes.uri(i), '') === 2) return true
  }
  return false
}

/** The usual attribute: a scalar, written as it stands there. */
function copyAttribute(walk: Walk, linked: Linked, index: number): boolean {
  if (linked.kind !== Kind.scalar) return false
  const { out } = walk
  const before = out.at
  if (quoted(linked)) out.byte(0x22)
  const start = out.at
  if (!walk.scanner.attributes.copyPlain(index, out)) {
    out.at = before
    return false
  }
  walk.text.sawSpecial = true
  finishScalar(walk, linked, start)
  return true
}

/** Writes a value that is there as a string: an attribute, or text that was collected. */
function writeText(walk: Walk, linked: Linked, text: string): void {
  const { out } = walk
  if (linked.kind === Kind.array && linked.items !== undefined) {
    // A list type of XML Schema: items between white space.
    out.byte(0x5b)
    for (const item of text.split(/[ \t\r\n]+/)) {
      if (item === '') continue
      writeText(walk, linked.items, item)
      out.byte(0x2c)
    }
    closeBracket(walk, 0x5d)
    return
  }
  if (linked.kind !== Kind.scalar) {
    if (linked.kind !== Kind.any) walk.fail('is text, where an object is declared', 'type')
    out.utf8(JSON.stringify(text))
    return
  }
  if (linked.mode === Mode.json) {
    out.utf8(JSON.stringify(text))
    return
  }
  if (quoted(linked)) out.byte(0x22)
  const start = out.at
  out.utf8(text)
  walk.text.sawSpecial = true
  finishScalar(walk, linked, start)
}

/** Scalars that are a string whatever they hold get their quote before the text. */
export function quoted(linked: Linked): boolean {
  const { types } = linked
  return types === Type.string || types === Type.token || types === Type.bytes
}

export function openInObject(walk: Walk, frame: Frame, name: Name, uri: string, parentUri: string): void {
  if (frame.mode !== Mode.skip || walk.text.sawText) collectText(walk, frame)
  const candidate = find(frame.linked, name, uri, parentUri)
  if (candidate !== undefined) {
    frame.taken++
    beginMember(walk, frame, frame.slots[candidate.member.index]!, candidate, lookup.weak)
    return
  }
  const { linked } = frame
  const additional =
    linked.patterns.length === 0 ? linked.additional : patternValue(linked.patterns, name.local, linked.additional)
  if (additional === undefined) {
    unknown(walk)
    return
  }
  frame.taken++
  frame.named ??= new Map()
  let slot = frame.named.get(name.local)
  if (slot === undefined) {
    frame.named.set(name.local, (slot = new Slot()))
    if (additional.kind === Kind.array) frame.namedArrays.push(slot)
  }
  beginMember(walk, frame, slot, namedCandidate(additional, name.local, linked.additionalPath), false)
}

/** An element that the schema does not have. */
export function unknown(walk: Walk): void {
  if (walk.options.unknown === 'reject') walk.fail('has an element that is not declared', 'additionalProperties')
  walk.skip()
}

function namedCandidate(value: Linked, local: string, path: string): Candidate {
  const match = { local, prefix: '', namespace: undefined }
  const key = path + local
  const bytes = Buffer.from(`${JSON.stringify(key)}:`)
  return {
    match,
    role: value.kind === Kind.array ? Role.wrapper : Role.value,
    member: { index: -1, key, bytes, match, value, required: false, within: undefined },
  }
}

/** Moves text between children out of the way; where none is declared, notes that there was some. */
function collectText(walk: Walk, frame: Frame): void {
  const { text } = walk
  const blank = !text.sawText
  text.sawText = false
  if (!blank) frame.sawText = true
  if (frame.mode === Mode.skip || walk.out.at === frame.textStart) return
  const collected = walk.out.cut(frame.textStart)
  // White space round a CDATA section is layout, but not a carriage return: that has been written as a reference.
  const isMeant = blank && frame.linked.cdata && /\\r|\r/.test(collected)
  if (isMeant) frame.sawText = true
  if (isMeant || !(blank && frame.cdata)) frame.text += collected
}

/** A CDATA section begins or has ended in the text of an object. */
export function cdataInObject(walk: Walk, frame: Frame, begins: boolean): void {
  if (!frame.linked.cdata) return
  if (begins) {
    frame.cdata = true
    collectText(walk, frame)
    if (!frame.sawText) frame.text = ''
  } else {
    walk.text.sawText = true
    collectText(walk, frame)
  }
}

export function closeObject(walk: Walk, frame: Frame): void {
  const { out } = walk
  const { linked } = frame
  collectText(walk, frame)
  closeArray(walk, frame)
  if (linked.text !== undefined) writeOwnText(walk, frame, linked.text)
  else if (frame.sawText && (frame.taken === 0 || walk.options.unknown === 'reject')) {
    walk.fail('is text, where an object is declared', 'type')
  }
  if (walk.options.complete === true && walk.isOutermost) {
    for (const member of linked.members) {
      if (member.required && !frame.slots[member.index]!.seen && member !== linked.text && isThere(frame, member)) {
        if (member.value.kind !== Kind.array || member.value.wrapped) walk.fail('lacks a member', 'required')
      }
    }
  }
  if (linked.nulls.length > 0) writeNulls(walk, frame)
  if (linked.arrays.length > 0) writeEmptyArrays(walk, frame)
  if (linked.arrays.length > 0) for (const member of linked.arrays) putIn(frame, frame.slots[member.index]!)
  if (frame.namedArrays.length > 0) for (const slot of frame.namedArrays) putIn(frame, slot)
  out.edit(frame.edits)
  closeBracket(walk, 0x7d)
  if (linked.due !== undefined) walk.moved = putInPlace(out, frame.begin, linked.due, walk.moved)
}

/** Whether the object that the member belongs to is there: one without an element is if any of its members is. */
function isThere(frame: Frame, { within }: Member): boolean {
  if (within === undefined) return true
  return frame.linked.members.some(({ index, key }) => key.startsWith(within) && frame.slots[index]!.seen)
}

function writeNulls({ out }: Walk, frame: Frame): void {
  for (const member of frame.linked.nulls) {
    if (frame.slots[member.index]!.seen || !isThere(frame, member)) continue
    out.write(member.bytes)
    out.latin1('null,')
  }
}

function writeEmptyArrays(walk: Walk, frame: Frame): void {
  for (const member of frame.linked.arrays) {
    if (frame.slots[member.index]!.seen || !isEmptyArray(walk, member) || !isThere(frame, member)) continue
    walk.out.write(member.bytes)
    walk.out.latin1('[],')
  }
}

/** An unwrapped array without items leaves no trace in XML, so a required one that has none is there and empty. */
function isEmptyArray(walk: Walk, { value, required }: Member): boolean {
  return walk.options.emptyArrays === 'include' || (required && !value.wrapped && !value.nullable)
}

function writeOwnText(walk: Walk, frame: Frame, member: Member): void {
  const { out } = walk
  const { value } = member
  // Without any text there is no text node: only what must be there is there and empty.
  const blank = !frame.sawText
  const isString = value.kind === Kind.scalar && (value.types & (Type.string | Type.token | Type.bytes)) !== 0
  if (blank && (frame.taken > 0 || !isString || (frame.text === '' && !member.required))) return
  out.write(member.bytes)
  const start = out.at
  if (value.kind === Kind.scalar && value.mode === Mode.json) {
    out.byte(0x22)
    out.latin1(frame.text)
    out.byte(0x22)
  } else {
    out.latin1(frame.text)
    const text = out.bytes.toString('utf8', start, out.at)
    out.at = start
    writeText(walk, value, text)
  }
  out.byte(0x2c)
}

import { anything } from './anything.ts'
import { type Frame, State } from './frame.ts'
import { hasKnownAttribute } from './known-attributes.ts'
import { find, Kind, matches } from './linked.ts'
import type { Name } from './names.ts'
import { beginObject, closeObject, openInObject } from './objects.ts'
import { Mode } from './text.ts'
import type { Transducer } from './transducer.ts'

/** The way from the root element to the value: what `unwrap` asks for is taken off. */

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/'
const soap12 = 'http://www.w3.org/2003/05/soap-envelope'

export function openRoot(walk: Transducer, name: Name, uri: string): void {
  switch (walk.root.unwrap) {
    case 'soap':
      if (name.local !== 'Envelope' || !isSoap(uri)) walk.fail('The root element is not a SOAP envelope.', 'xml')
      outer(walk, 'envelope')
      return
    case 'root':
      if (walk.root.match === undefined || !isValue(walk, name, uri)) outer(walk, 'wrapper')
      // Called as the value is: it may be the value all the same, or the wrapper. The first child tells.
      else if (walk.root.value.kind !== Kind.object || hasKnownAttribute(walk, walk.root.value)) value(walk)
      else outer(walk, 'either')
      return
    default:
      if (!isValue(walk, name, uri)) walk.fail('The root element is not the one that is declared.', 'xml')
      value(walk)
  }
}

export function openInOuter(walk: Transducer, frame: Frame, name: Name, uri: string, parentUri: string): void {
  if (walk.first.taken > 0) {
    // What SOAP's encoding puts beside the value is a part of it: without it the value would be empty (SOAP 1.1 §5.1).
    if (frame.stage === 'body' && hasId(walk)) walk.fail('is made of parts that refer to each other', 'xml')
    walk.skip()
    return
  }
  switch (frame.stage) {
    case 'envelope':
      if (name.local === 'Body' && isSoap(uri)) outer(walk, 'body')
      else walk.skip()
      return
    case 'body':
      if (name.local === 'Fault' && isSoap(uri)) {
        fault(walk)
        return
      }
      // The payload may be the value, or (document/literal wrapped, RPC) an element round it.
      if (isValue(walk, name, uri)) value(walk)
      else outer(walk, 'wrapper')
      return
    case 'either':
      if (find(walk.root.value, name, uri, parentUri) === undefined) {
        value(walk)
        return
      }
      becomeValue(walk, frame)
      openInObject(walk, frame, name, uri, parentUri)
      return
    default:
      // RPC puts what it returns in no namespace (WS-I Basic Profile R2735), whatever its type is in.
      if (isValue(walk, name, uri) || isUnqualified(walk, name, uri)) value(walk)
      else walk.skip()
      return
  }
}

export function closeOuter(walk: Transducer, frame: Frame): void {
  // Nothing is in it: as a value it is empty.
  const isEmpty = frame.stage === 'either' && walk.first.taken === 0
  if (isEmpty) {
    becomeValue(walk, frame)
    closeObject(walk, frame)
  }
  walk.pop(isEmpty)
}

/**
 * A plain value of no name may stand in the body itself, or in the element that RPC and document/literal wrapped put round
 * it: an element inside tells.
 * @returns whether the plain value is the element that has just been opened
 */
export function openInPlain(walk: Transducer, frame: Frame): boolean {
  const { unwrap, match } = walk.root
  if (unwrap !== 'soap' || match !== undefined || walk.text.sawText || frame.state !== State.scalar) return false
  if (frame.outer.state !== State.outer || frame.outer.stage !== 'body') return false
  walk.out.at = frame.begin
  walk.first.taken--
  frame.state = State.outer
  frame.stage = 'wrapper'
  frame.mode = Mode.skip
  value(walk)
  return true
}

function becomeValue(walk: Transducer, frame: Frame): void {
  walk.first.taken++
  const { sawText } = walk.text
  beginObject(walk, frame, walk.root.value, false)
  walk.text.sawText = sawText
}

function isValue({ root: { match } }: Transducer, name: Name, uri: string): boolean {
  if (match === undefined) return true
  const grade = matches(match, name, uri, '')
  return match.namespace === undefined ? grade > 0 : grade === 2
}

function isUnqualified({ root: { match } }: Transducer, name: Name, uri: string): boolean {
  return match !== undefined && uri === '' && matches(match, name, uri, '') > 0
}

function hasId({ scanner: { attributes } }: Transducer): boolean {
  for (let i = 0; i < attributes.count; i++) if (attributes.name(i).qualified === 'id') return true
  return false
}

function isSoap(uri: string): boolean {
  return uri === soap11 || uri === soap12
}

function value(walk: Transducer): void {
  walk.first.taken++
  walk.begin(walk.root.value, undefined, false, '')
  walk.frame.arrays = walk.root.arrays
}

function outer(walk: Transducer, stage: Frame['stage']): void {
  const frame = walk.push(State.outer, walk.root.value)
  frame.stage = stage
  walk.enter()
}

/** A fault is kept as it is: the policy tells the caller about it. */
function fault(walk: Transducer): void {
  walk.first.taken++
  walk.isFault = true
  walk.begin(anything, undefined, false, '')
}

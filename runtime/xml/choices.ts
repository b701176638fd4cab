import { Buffer } from 'node:buffer'
import { type Frame, State } from './frame.ts'
import { knowsAttributes } from './known-attributes.ts'
import { Kind, Linked, matches } from './linked.ts'
import { Misfit, TooLarge } from './malformed.ts'
import { instanceAttribute } from './nil.ts'
import { probe } from './probe.ts'
import { Mode } from './text.ts'
import { Transducer } from './transducer.ts'
import type { Walk, WalkOptions } from './walk.ts'

/**
 * Values that may have one of several schemas. An attribute (`xsi:type`, or a discriminator that is one) tells at once.
 * Else the element is kept until it is whole: then its discriminator tells, or all schemas are tried, and it must be
 * exactly one that fits. What is not decided is refused, never guessed.
 */

/**
 * Bytes that may be read again for one document, at once and for each that it has so far, and what beginning to costs:
 * choices within choices would multiply.
 */
const rereadLimit = 16 * 1024 * 1024
const rereadFactor = 32
const rereadStart = 512

/** The schema that the element just opened has, by its name or what it says itself; undefined where only its content can tell. */
export function chooseAtOnce(walk: Walk, choice: Linked): Linked | undefined {
  const typed = chooseByTag(walk, choice)
  // A discriminator that is declared goes first: the type may be no more than what all of them extend.
  if (choice.by === undefined) return typed ?? choice.otherwise
  if (choice.byAttribute && typed !== undefined) return typed
  const { attributes } = walk.scanner
  for (let i = 0; i < attributes.count; i++) {
    if (!choice.byAttribute || matches(choice.by, attributes.name(i), attributes.uri(i), '') === 0) continue
    const chosen = alternativeOf(choice, attributes.value(i).trim())
    return chosen ?? walk.fail('has a discriminator that names no schema', 'discriminator')
  }
  return undefined
}

/** What `xsi:type` says, whose prefix does not matter, else the element's name. */
export function chooseByTag(walk: Walk, choice: Linked): Linked | undefined {
  const { scanner } = walk
  const type = scanner.attributes.count === 0 ? undefined : instanceAttribute(walk, 'type')
  const typed = type === undefined ? undefined : alternativeOf(choice, type.slice(type.indexOf(':') + 1))
  return typed ?? choice.alternatives.find(({ called }) => called !== undefined && called === scanner.opened)?.value
}

function alternativeOf(choice: Linked, word: string): Linked | undefined {
  return choice.alternatives.find(({ is }) => is.includes(word))?.value
}

export function capture(walk: Walk, frame: Frame): void {
  walk.scanner.capture()
  frame.resetContent()
  frame.typed = chooseByTag(walk, frame.linked)
  frame.knowing = frame.linked.alternatives.flatMap(({ value }) => (knowsAttributes(walk, value) ? value : []))
  frame.state = State.captured
  frame.mode = Mode.skip
}

/** The captured element is whole: writes its value. */
export function closeCaptured(walk: Walk, frame: Frame): void {
  if (frame.undecided) {
    closeUndecided(walk, frame)
    return
  }
  const xml = walk.scanner.captured('element')
  const choice = frame.linked
  let written: Buffer
  if (choice.by !== undefined && !choice.byAttribute) {
    const word = probe(xml, walk, choice.by).text
    const chosen = (word === undefined ? undefined : alternativeOf(choice, word.trim())) ?? frame.typed
    if (chosen === undefined) {
      walk.fail(
        `has ${word === undefined ? 'no discriminator' : 'a discriminator that names no schema'}`,
        'discriminator',
      )
    }
    written = reread(walk, xml, chosen, walk.options)
  } else written = tryAll(walk, xml, choice, frame.knowing)
  walk.out.write(written)
  walk.pop(true)
}

function tryAll(walk: Walk, xml: Buffer, choice: Linked, knowing: readonly Linked[]): Buffer {
  const all = choice.alternatives.map(({ value }) => value)
  // What is undeclared tells alternatives apart, so it counts first; where no alternative declares it all, it is what the
  // options say.
  for (const [values, unknown] of [[knowing, 'reject'] as const, [all, walk.options.unknown] as const]) {
    const fitting = values.flatMap((value) => attempt(walk, xml, value, unknown) ?? [])
    const [first, ...others] = fitting
    if (first === undefined) continue
    if (others.every(({ json }) => json.equals(first.json))) return first.json
    // Text alone is a plain value where one of them is.
    const plain = fitting.filter(({ value }) => value.kind === Kind.scalar)
    return plain.length === 1 ? plain[0]!.json : walk.fail('fits more than one of the schemas', 'oneOf')
  }
  return walk.fail('fits none of the schemas', 'oneOf')
}

interface Attempt {
  readonly value: Linked
  readonly json: Buffer
}

function attempt(walk: Walk, xml: Buffer, value: Linked, unknown: 'drop' | 'reject'): Attempt | undefined {
  try {
    return { value, json: reread(walk, xml, value, { ...walk.options, unknown, complete: true }) }
  } catch (error) {
    if (error instanceof Misfit) return undefined
    throw error
  }
}

function reread(walk: Walk, xml: Buffer, value: Linked, options: WalkOptions): Buffer {
  walk.rereading.cost += xml.length + rereadStart
  const { cost, document } = walk.rereading
  if (cost > rereadLimit + rereadFactor * document.scanner.bytesRead)
    throw new TooLarge('too much has to be read again')
  const inner = new Transducer({ value }, options, walk.limits)
  inner.rereading = walk.rereading
  inner.scanner.startFragment(walk.scanner.namespaces.bindings)
  inner.scanner.write(xml)
  inner.scanner.end()
  return inner.finish()
}

/**
 * An array that does not say whether it is wrapped nor how its items are called, and an element whose first child the
 * item does not know: if all children have one name that the item does not know, and hold what items hold, or if they
 * have names that items of several schemas have, it is a wrapper.
 */
function closeUndecided(walk: Walk, frame: Frame): void {
  const children = walk.scanner.captured('children')
  const xml = Buffer.concat([Buffer.from('<x>'), children, Buffer.from('</x>')])
  const array = frame.linked
  const items = array.items!
  const { names, known, holds } = probe(xml, walk, undefined, items)
  const { called } = items
  const areItems =
    called === undefined ? !known && holds && names.size === 1 : [...names].every((name) => called.has(name))
  const isWrapper = areItems && !frame.sawText
  frame.slot!.reading = isWrapper ? 'wrapper' : 'item'
  if (!isWrapper) {
    frame.slot!.count++
    if (frame.detached) frame.slot!.late++
    walk.out.write(reread(walk, xml, items, walk.options))
    walk.pop(true)
    return
  }
  const list = Object.assign(new Linked(), { kind: Kind.array, items })
  const written = reread(walk, xml, list, walk.options)
  frame.slot!.count++
  if (frame.detached) frame.slot!.late++
  walk.out.write(written.subarray(1, -1))
  walk.pop(true)
}

import { Buffer } from 'node:buffer'
import { beginAny, closeAny, openInAny } from './anything.ts'
import { capture, chooseAtOnce, closeCaptured } from './choices.ts'
import { type Frame, type PathTree, type Slot, State as states } from './frame.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { Kind as kinds, type Linked, type Match } from './linked.ts'
import { beginArray, closeEither, closeList, openInEither, openInList } from './lists.ts'
import { Misfit } from './malformed.ts'
import { hold } from './members.ts'
import { type Name, NameTable } from './names.ts'
import { isNil } from './nil.ts'
import { beginObject, cdataInObject, closeObject, openInObject, quoted } from './objects.ts'
import { Output } from './output.ts'
import { closeOuter, openInOuter, openInPlain, openRoot } from './roots.ts'
import { finishScalar } from './scalars.ts'
import { type Handler, Scanner } from './scanner.ts'
import type { TextReader } from './text.ts'
import { beginTuple, closeTuple, openInTuple } from './tuples.ts'
import { Walk, type WalkOptions } from './walk.ts'

// Constants of its own, which V8 folds: see characters.ts.
const State = states
const Kind = kinds

/** The value of a whole document, linked. */
export interface LinkedRoot {
  readonly value: Linked
  /** What the root element must be called. */
  readonly match?: Match | undefined
  readonly unwrap?: 'none' | 'root' | 'soap'
  /** Whether there may be no value: a SOAP body of an operation that returns nothing. Then there is no JSON either. */
  readonly mayBeEmpty?: boolean
  /** Paths from the root value, where there is no schema. */
  readonly arrays?: PathTree | undefined
}

/** Bytes of JSON that may have to be held at once, because something in them may still change. */
const holdLimit = 64 * 1024 * 1024

/** Names outlive documents: the same few are read over and over. */
const names = new NameTable()

/**
 * Turns XML into JSON text in one pass, led by the plan: no tree, no objects, no second walk. What arrives is valid
 * UTF-8 in chunks of any size; what leaves is the JSON so far, as soon as nothing in it can change any more.
 */
export class Transducer extends Walk implements Handler {
  readonly scanner: Scanner
  readonly text: TextReader
  root: LinkedRoot
  /** The document is a SOAP fault: what is written is the fault, by the convention for what has no schema. */
  isFault = false

  /** @param size bytes of the document, if that is known */
  constructor(root: LinkedRoot, options: WalkOptions, limits: Limits = defaultLimits, size = 0) {
    super(new Output(Math.min(65_536, Math.max(2048, size)), holdLimit), options, limits)
    this.root = root
    this.scanner = new Scanner(names, this, this.out, limits)
    this.text = this.scanner.text
  }

  /** Makes it ready for another document, after {@link copy}. */
  restart(root: LinkedRoot, options: WalkOptions, limits: Limits): void {
    this.again(options, limits)
    this.root = root
    this.isFault = false
    this.out.at = 0
    this.scanner.restart(limits)
  }

  write(utf8: Uint8Array): void {
    this.scanner.write(utf8)
  }

  /** @throws Malformed, Misfit: the document is not complete or has no value */
  end(): void {
    this.scanner.end()
  }

  open(name: Name, uri: string, parentUri: string): void {
    const { frame } = this
    switch (frame.state) {
      case State.object:
        openInObject(this, frame, name, uri, parentUri)
        return
      case State.list:
      case State.array:
        openInList(this, frame, name, uri, parentUri)
        return
      case State.tuple:
        openInTuple(this, frame, name, uri, parentUri)
        return
      case State.either:
        openInEither(this, frame, name, uri, parentUri)
        return
      case State.any:
        openInAny(this, frame, name)
        return
      case State.start:
        openRoot(this, name, uri)
        return
      case State.outer:
        openInOuter(this, frame, name, uri, parentUri)
        return
      case State.skipped:
      case State.captured:
        frame.inside++
        return
      default:
        if (openInPlain(this, frame)) return
        this.fail('has elements inside, where a plain value is declared', 'type')
    }
  }

  close(): void {
    const { frame } = this
    switch (frame.state) {
      case State.scalar:
        finishScalar(this, frame.linked, frame.textStart)
        this.pop(true)
        return
      case State.object:
        closeObject(this, frame)
        this.pop(true)
        return
      case State.list:
      case State.array:
        closeList(this, frame)
        return
      case State.tuple:
        closeTuple(this, frame)
        this.pop(true)
        return
      case State.either:
        closeEither(this, frame)
        return
      case State.any:
        closeAny(this, frame)
        this.pop(true)
        return
      case State.captured:
        if (frame.inside-- > 0) return
        closeCaptured(this, frame)
        return
      case State.skipped:
        if (frame.inside-- > 0) return
        this.pop(false)
        return
      case State.nil:
        if (this.text.sawText) this.fail('is nil and has content', 'type')
        this.pop(true)
        return
      default:
        closeOuter(this, frame)
        return
    }
  }

  cdata(begins: boolean): void {
    const { frame } = this
    if (frame.state === State.object) cdataInObject(this, frame, begins)
  }

  begin(linked: Linked, slot: Slot | undefined, detached: boolean, key: string): void {
    const frame = this.push(State.scalar, linked, slot, detached, key)
    if (this.scanner.attributes.count > 0 && isNil(this)) {
      if (!linked.nullable) this.fail('is nil, where null is not allowed', 'type')
      this.out.latin1('null')
      frame.state = State.nil
    } else this.#value(linked)
    this.enter()
  }

  #value(linked: Linked): void {
    const { frame } = this
    switch (linked.kind) {
      case Kind.scalar:
        if (quoted(linked)) this.out.byte(0x22)
        frame.textStart = this.out.at
        frame.mode = linked.mode
        return
      case Kind.object:
        beginObject(this, frame, linked, true)
        return
      case Kind.array:
        beginArray(this, frame)
        return
      case Kind.tuple:
        beginTuple(this, frame, linked)
        return
      case Kind.any:
        beginAny(this, frame, linked)
        return
      default: {
        const chosen = chooseAtOnce(this, linked)
        frame.linked = chosen ?? linked
        if (chosen === undefined) capture(this, frame)
        else this.#value(chosen)
        return
      }
    }
  }

  /** Takes the JSON that is final so far. */
  take(): Buffer {
    let count = Math.max(0, this.out.at - 1)
    const { frames } = this
    for (const frame of frames) {
      const { state } = frame
      count = Math.min(count, state === State.object ? hold(frame) : state === State.any ? frame.begin : count)
    }
    const { frame } = this
    if (frame.state !== State.object && frame.state !== State.list && frame.state !== State.array) {
      count = Math.min(count, frame.begin)
    } else count = Math.min(count, frame.textStart - 1)
    for (const { detached, begin } of frames) if (detached) count = Math.min(count, begin)
    if (count <= 0) return Buffer.alloc(0)
    const taken = this.out.take(count)
    for (const frame of frames) shift(frame, count)
    return taken
  }

  /** The rest of the JSON, when the document has ended. */
  finish(): Buffer {
    const length = this.#length()
    this.release()
    return this.out.bytes.subarray(0, length)
  }

  /** All of the JSON, in memory of its own: whoever calls this may {@link restart}. */
  copy(): Buffer {
    const json = this.out.copy(this.#length())
    this.forget()
    return json
  }

  #length(): number {
    if (this.root.mayBeEmpty === true && this.first.taken === 0) return 0
    if (this.out.at === 0 || this.frame.taken === 0)
      throw new Misfit('The document does not hold the declared value.', 'xml')
    // The last comma belongs to nobody.
    return this.out.at - 1
  }
}

function shift(frame: Frame, count: number): void {
  frame.begin -= count
  frame.textStart -= count
  for (const slot of [...frame.slots, ...frame.namedArrays]) {
    slot.start -= count
    slot.value -= count
    slot.end -= count
  }
  frame.edits = frame.edits.map((edit) => ({ ...edit, at: edit.at - count }))
}

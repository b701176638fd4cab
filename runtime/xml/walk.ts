import { pointerOfPath } from './flat.ts'
import { Frame, type Slot, State } from './frame.ts'
import type { Limits } from './limits.ts'
import type { Linked } from './linked.ts'
import { Misfit } from './malformed.ts'
import type { Output } from './output.ts'
import type { Scanner } from './scanner.ts'
import type { TextReader } from './text.ts'

/** What a conversion is told beside its plan. */
export interface WalkOptions {
  readonly unknown: 'drop' | 'reject'
  readonly int64: 'number' | 'string'
  readonly emptyArrays: 'omit' | 'include'
  readonly nonFinite: 'reject' | 'string'
  /** The outermost object must have all that is required of it: asked when schemas are tried. */
  readonly complete?: boolean
}

/** Frames of conversions that have ended: making them costs as much as converting a small document. */
const spare: Frame[] = []

/** The state of a conversion: the elements that are open and what has been written. */
export abstract class Walk {
  readonly out: Output
  options: WalkOptions
  limits: Limits
  abstract readonly scanner: Scanner
  /** The scanner's: where text goes, and whether there was any. */
  abstract readonly text: TextReader
  /** What reading elements again has cost, to find out which of several schemas they have; shared by all readings of a document. */
  rereading: { cost: number; readonly document: Walk } = { cost: 0, document: this }
  /** Bytes that were put where they belong afterwards (flat.ts). */
  moved = 0
  /** The frame outside of the root element. */
  readonly first: Frame = spare.pop() ?? new Frame()
  frame: Frame

  constructor(out: Output, options: WalkOptions, limits: Limits) {
    this.out = out
    this.options = options
    this.limits = limits
    this.frame = this.first
    this.frame.reset(State.start, this.frame.linked, 0)
    this.frame.resetContent()
  }

  /** Makes it ready for another document; what it has learnt to hold is kept. */
  protected again(options: WalkOptions, limits: Limits): void {
    this.options = options
    this.limits = limits
    this.rereading = { cost: 0, document: this }
    this.moved = 0
    this.frame = this.first
    this.frame.reset(State.start, this.frame.linked, 0)
  }

  /** Forgets what the document held. */
  protected forget(): void {
    for (let frame: Frame | undefined = this.first; frame !== undefined; frame = frame.inner) frame.resetContent()
  }

  /** Begins to write the value of the element that has just been opened. */
  abstract begin(linked: Linked, slot: Slot | undefined, detached: boolean, key: string): void

  /** Whether the innermost frame is that of the outermost value. */
  get isOutermost(): boolean {
    return this.frame.outer === this.first
  }

  /** Those of all open elements, from the outside in. */
  get frames(): readonly Frame[] {
    const frames = [this.frame]
    while (frames[0] !== this.first) frames.unshift(frames[0]!.outer)
    return frames
  }

  /** Gives the frames back, without what they hold. */
  protected release(): void {
    if (spare.length === 8) return
    this.forget()
    spare.push(this.first)
  }

  push(state: State, linked: Linked, slot?: Slot, detached?: boolean, key?: string): Frame {
    const outer = this.frame
    const frame = (outer.inner ??= new Frame(outer))
    frame.reset(state, linked, this.out.at, slot, detached, key)
    this.frame = frame
    return frame
  }

  /** Forgets the innermost element, whose value, if it has one, has been written up to and without its comma. */
  pop(wrote: boolean): void {
    const done = this.frame
    if (wrote) {
      this.out.byte(0x2c)
      if (done.detached) done.slot!.overflow += this.out.cut(done.begin)
      else if (done.slot?.array === false) done.slot.end = this.out.at
    }
    const frame = done.outer
    this.frame = frame
    frame.textStart = this.out.at
    this.enter()
  }

  /** Ends the setting up of the innermost frame: from here on text is read as it says. */
  enter(): void {
    const { text } = this
    text.mode = this.frame.mode
    text.sawText = false
    text.sawSpecial = false
  }

  /** Leaves the element that has just been opened, and all that is in it, out of the answer. */
  skip(): void {
    this.push(State.skipped, this.frame.linked)
    this.enter()
  }

  /** @param keyword what the value does not meet */
  fail(message: string, keyword: string): never {
    throw new Misfit(message, keyword, this.pointer())
  }

  /** Where in the JSON the walk is (RFC 6901). */
  pointer(): string {
    let pointer = ''
    for (const { key, slot, state } of this.frames) {
      if (state === State.either) continue
      if (key !== '') pointer += `/${pointerOfPath(key)}`
      if (slot?.array === true && state !== State.list) pointer += `/${Math.max(0, slot.count - 1)}`
    }
    return pointer
  }
}

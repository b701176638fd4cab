import type { Candidate, Linked, Member } from './linked.ts'
import { Linked as LinkedTable } from './linked.ts'
import type { Edit } from './output.ts'
import { Mode } from './text.ts'

/** What an open element is being read as. */
export const State = {
  /** Before the root element. */
  start: 0,
  /** A wrapper round the value: its children are looked at until the value is found. */
  outer: 1,
  scalar: 2,
  object: 3,
  /** The wrapper of an array that belongs to the object outside: that object writes its brackets. */
  list: 4,
  /** An array whose brackets are this element's. */
  array: 5,
  /** An array's wrapper or its item: the first child tells. */
  either: 6,
  any: 7,
  /** Its bytes are kept, to be read when they are all there. */
  captured: 8,
  /** `xsi:nil`. */
  nil: 9,
  skipped: 10,
  tuple: 11,
} as const
export type State = (typeof State)[keyof typeof State]

/** What is known of one member of an object that is being written. Positions are indexes into the output. */
export class Slot {
  /** Any: the local name of the elements. */
  name = ''
  seen = false
  /** Accepted by local name only; a better one replaces it. */
  weak = false
  /** Written as an array. */
  array = false
  /** Where the key begins, the value begins, and the value ends (for an array: its closing bracket). */
  start = 0
  value = 0
  end = 0
  /** How the elements of an array are to be read, once one of them has told. */
  reading: 'item' | 'wrapper' | undefined = undefined
  /** Items so far, and how many of them are in the overflow. */
  count = 0
  late = 0
  /** Items that came after other members had been written: they are put in when the object ends. */
  overflow = ''

  /** The first element of the member is there. */
  begin(at: number, weak: boolean): void {
    this.seen = true
    this.weak = weak
    this.start = at
    this.array = false
  }

  /** It is the first of an array. */
  beginArray(): void {
    this.array = true
    this.reading = undefined
    this.count = 0
    this.late = 0
    this.overflow = ''
  }
}

const empty = new LinkedTable()

/** Slots that a frame keeps for the next element. */
const mostKept = 1024

/** An open element. Frames are kept and used again: one per depth, each knowing the one outside and the one inside. */
export class Frame {
  /** The frame before the root element has none outside and stands for itself. */
  readonly outer: Frame
  inner: Frame | undefined = undefined
  state: State = State.start
  linked: Linked = empty
  /** What text means until the next child. */
  mode: Mode = Mode.skip
  /** Where the value begins in the output. */
  begin = 0
  /** Where text since the last child begins. */
  textStart = 0
  /** Text between children, as bytes in characters. */
  text = ''
  sawText = false
  /** Children that were taken for something. */
  taken = 0
  /** Nested elements of a skipped or captured one. */
  inside = 0
  /** The member this value belongs to, in the object that holds it. */
  slot: Slot | undefined = undefined
  key = ''
  /** Whether the value is moved into the slot's overflow when it is done. */
  detached = false
  /** Objects: slots by member, and by name for members that no schema lists. Any: slots in the order of the members. */
  readonly slots: Slot[] = []
  named: Map<string, Slot> | undefined = undefined
  /** Those of them that are arrays. */
  namedArrays: Slot[] = []
  /** The array that is being written and may go on. */
  open: Slot | undefined = undefined
  edits: Edit[] = []
  /** Either: what the element was found as. */
  candidate: Candidate | undefined = undefined
  /** Any: written as an object, with so many elements of different names. */
  object = false
  distinct = 0
  /** Objects: their text has been found in a CDATA section. */
  cdata = false
  /** Outer: what it is the outside of. */
  stage: 'envelope' | 'body' | 'wrapper' | 'either' = 'wrapper'
  /** Captured: what for. */
  undecided = false
  /** Captured: what its start tag says it is. */
  typed: Linked | undefined = undefined
  /** Captured: the alternatives that have a place for all of its attributes. */
  knowing: readonly Linked[] = []
  arrays: PathTree | undefined = undefined

  constructor(outer?: Frame) {
    this.outer = outer ?? this
  }

  /** Makes it the frame of another element, as far as plain values need it. */
  reset(
    state: State,
    linked: Linked,
    begin: number,
    slot: Slot | undefined = undefined,
    detached = false,
    key = '',
  ): void {
    this.state = state
    this.linked = linked
    this.mode = Mode.skip
    this.begin = begin
    this.textStart = begin
    this.slot = slot
    this.key = key
    this.detached = detached
    this.inside = 0
  }

  /** The rest of it, for what has children. */
  resetContent(): void {
    this.text = ''
    this.sawText = false
    this.taken = 0
    this.named = undefined
    if (this.namedArrays.length > 0) this.namedArrays = []
    this.open = undefined
    if (this.edits.length > 0) this.edits = []
    this.object = false
    this.distinct = 0
    if (this.slots.length > mostKept) this.slots.length = mostKept
    this.cdata = false
    this.undecided = false
    this.typed = undefined
    this.arrays = undefined
  }

  /** Makes one slot ready for each member. */
  prepare(members: readonly Member[]): void {
    const { slots } = this
    const count = members.length
    for (let i = slots.length; i < count; i++) slots.push(new Slot())
    for (let i = 0; i < count; i++) slots[i]!.seen = false
  }
}

/** Paths whose elements are arrays however many there are, by the names on the way. */
export interface PathTree {
  readonly isArray: boolean
  readonly children: ReadonlyMap<string, PathTree>
}

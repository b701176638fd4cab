import type { Ballot } from './ballot.ts'
import type { Chooser } from './chooser.ts'
import type { Cuts } from './cuts.ts'
import { isCutAs } from './differences.ts'
import type { Inspect } from './inspect.ts'
import { Judge } from './judge.ts'
import type { JudgeNode } from './judge-node.ts'
import type { KnownPointers } from './known-pointers.ts'
import { MalformedJson, Undeclared } from './malformed.ts'
import { type Member, meet } from './member.ts'
import { NameReader } from './name-reader.ts'
import { at, size } from './parsed.ts'
import { type Note, Places } from './places.ts'
import { afterSpace, afterString, afterValue } from './scan.ts'
import type { State } from './states.ts'
import { ChosenText, type Step } from './text-choice.ts'

/** What a pass is made with. */
export interface PassOptions {
  /** What becomes of members and items that are not declared; `block` throws {@link Undeclared}. */
  readonly undeclared: 'pass' | 'strip' | 'block'
  readonly depth: number
  readonly chooser: Chooser
  readonly pointers: KnownPointers
  /** Looks into the strings that stay. */
  readonly inspect: Inspect | undefined
}

/**
 * One pass over a JSON text along what is declared of it: what is not declared is cut out, everything else stays byte for
 * byte. Names are compared decoded. What is cut out is held to be well-formed too.
 *
 * Where alternatives are told apart by what a value is, the value is taken to be of the same kind as the last one of its
 * place, and cut accordingly; the same walk finds out what it is. Where that was wrong, the cuts are taken back, and the value
 * is walked again.
 */
export class Pass {
  readonly #bytes: Buffer
  readonly #cuts: Cuts
  readonly #options: PassOptions
  readonly #roles: readonly string[]
  readonly #strips: boolean
  readonly #inspect: Inspect | undefined
  readonly #places: Places
  readonly #judge: Judge
  readonly #text: ChosenText
  readonly #names: NameReader
  /** Names on the way to the value at hand. */
  readonly #path: string[]
  /** What is declared of the member or item at hand; undefined: it does not stay. */
  #inner: State | undefined
  #isDropped = false
  #instead: Buffer | undefined
  /** How many members and items an answer that is to be blocked for them has. */
  #refused = 0
  /** How many values around the one at hand are only taken to be what they are. */
  #guesses = 0
  /** What values within such values have turned out to be, by where they begin. */
  readonly #found = new Map<number, { readonly declared: State; readonly settled: State }>()

  /** @param bytes with a zero behind them */
  constructor(bytes: Buffer, cuts: Cuts, options: PassOptions, roles: readonly string[], note: Note) {
    this.#bytes = bytes
    this.#cuts = cuts
    this.#options = options
    this.#roles = roles
    this.#places = new Places(bytes, note, options.pointers)
    this.#judge = new Judge(bytes)
    this.#text = new ChosenText(bytes, options.depth, this.#judge)
    this.#names = new NameReader(bytes)
    this.#path = this.#places.path
    this.#strips = options.undeclared !== 'pass'
    this.#inspect = options.inspect
  }

  run(state: State): void {
    try {
      this.#run(state)
    } finally {
      this.#places.tell()
    }
    if (this.#refused > 0 && this.#options.undeclared === 'block') throw new Undeclared()
  }

  #run(state: State): void {
    const bytes = this.#bytes
    const start = afterSpace(bytes, bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)
    let end: number
    if (this.#inspect !== undefined && bytes[start] === 0x22) {
      end = this.#string(start)
      if (this.#isDropped) this.#cuts.cut(start, end, Buffer.from('null'))
      else if (this.#instead !== undefined) this.#cuts.cut(start, end, this.#instead)
    } else end = this.#value(start, state, undefined, 0, undefined)
    if (afterSpace(bytes, end) !== bytes.length - 1) throw new MalformedJson('what follows')
  }

  /**
   * @param value parsed, where an object or array around it had to be
   * @param asked what must be known about the value: the judge has it afterwards
   */
  #value(i: number, state: State, value: unknown, depth: number, asked: JudgeNode | undefined): number {
    const c = this.#bytes[i]
    const room = this.#options.depth - depth
    const isScalar = c !== 0x7b && c !== 0x5b
    if (isScalar || (state.isAny && this.#inspect === undefined && value === undefined))
      return asked === undefined ? afterValue(this.#bytes, i, room) : this.#judge.value(i, asked, room)
    return state.choices.length > 0
      ? this.#settled(i, state, value, depth, asked)
      : this.#entries(i, state, value, depth, this.#ballot(i, asked))
  }

  /** An object or an array of which there are several kinds. */
  #settled(from: number, declared: State, value: unknown, depth: number, asked: JudgeNode | undefined): number {
    const { chooser } = this.#options
    if (!this.#strips || value !== undefined)
      return this.#entries(from, chooser.decide(declared, value), value, depth, this.#ballot(from, asked))
    const step = chooser.byText.step(declared)
    const isGuessed = step?.node !== undefined && step.tagged.length === 0 && this.#inspect === undefined
    const node = isGuessed ? chooser.judged.joined(asked, step.node!) : undefined
    if (step !== undefined && node !== undefined) return this.#guessed(from, declared, step, node, depth, asked)
    const settled = chooser.byText.settle(declared, from, this.#text, depth)
    return settled === undefined
      ? this.#parsed(from, declared, depth, asked)
      : this.#entries(from, settled, undefined, depth, this.#ballot(from, asked))
  }

  #guessed(
    from: number,
    declared: State,
    step: Step,
    node: JudgeNode,
    depth: number,
    asked: JudgeNode | undefined,
  ): number {
    const { byText } = this.#options.chooser
    const found = this.#found.get(from)
    const guess = found?.declared === declared ? found.settled : step.guess
    const cuts = this.#cuts.mark
    const places = this.#places.mark
    const refused = this.#refused
    const ballot = this.#judge.open(node, this.#bytes[from] === 0x7b)
    this.#guesses++
    this.#places.isTentative = true
    let end = this.#entries(from, guess, undefined, depth, ballot)
    this.#guesses--
    if (this.#guesses === 0) this.#places.isTentative = false
    const outer = asked?.count ?? 0
    const { holding } = this.#judge
    const settled = byText.settleBy(declared, step, holding >>> outer, from, this.#text, depth)
    if (settled === undefined || !isCutAs(guess, settled, ballot, declared)) {
      this.#cuts.back(cuts)
      this.#places.back(places)
      this.#refused = refused
      this.#judge.spend(end - from)
      // The next will rather be like this one; or, where they take turns, like all of them.
      if (settled !== undefined) step.guess = guess === step.union || step.union.hasOthers ? settled : step.union
      end =
        settled === undefined
          ? this.#parsed(from, declared, depth, undefined)
          : this.#entries(from, settled, undefined, depth, undefined)
    }
    if (this.#guesses > 0 && settled !== undefined) this.#found.set(from, { declared, settled })
    else if (this.#guesses === 0 && this.#found.size > 0) this.#found.clear()
    this.#judge.holding = holding & ((1 << outer) - 1)
    return end
  }

  /** Its text does not tell, so that its validators are asked. */
  #parsed(from: number, declared: State, depth: number, asked: JudgeNode | undefined): number {
    const { chooser, depth: deepest } = this.#options
    const text = this.#bytes.toString('utf8', from, afterValue(this.#bytes, from, deepest - depth))
    const value: unknown = JSON.parse(text)
    return this.#entries(from, chooser.decide(declared, value), value, depth, this.#ballot(from, asked))
  }

  /** An object's members or an array's items. */
  #entries(from: number, state: State, value: unknown, depth: number, ballot: Ballot | undefined): number {
    if (depth >= this.#options.depth) throw new MalformedJson('depth')
    const bytes = this.#bytes
    const room = this.#options.depth - depth
    const isObject = bytes[from] === 0x7b
    const close = isObject ? 0x7d : 0x5d
    const names = this.#names
    const tags: Member[] | undefined = isObject && state.hasTags && value === undefined ? [] : undefined
    if (!isObject) this.#path[depth] = '*'
    else if (ballot !== undefined) ballot.indexes = state.indexesIn(ballot.node)
    let i = afterSpace(bytes, from + 1)
    let comma = -1
    let isKept = false
    let dropped = -1
    let guess = 0
    let count = 0
    while (bytes[i] !== close || count > 0) {
      const start = i
      if (isObject) {
        names.guess = guess
        i = this.#declaredMember(i, state, depth)
        guess = names.guess
        if (tags !== undefined && names.member?.isTag === true) meet(names.member, tags)
      } else this.#declaredItem(state, count, depth)
      const inner = this.#inner
      const more = ballot === undefined ? undefined : isObject ? ballot.member(names.indexIn(ballot)) : ballot.item()
      let isDropped = inner === undefined
      if (inner === undefined) i = this.#judge.inner(i, more, ballot, room)
      else if (this.#inspect !== undefined && bytes[i] === 0x22) {
        const quote = i
        this.#path.length = depth + 1
        i = this.#string(quote)
        isDropped = this.#isDropped
        if (more !== undefined) this.#judge.inner(quote, more, ballot, room)
        if (!isDropped) {
          if (!isKept && dropped >= 0) this.#cuts.cut(dropped, start)
          if (this.#instead !== undefined) this.#cuts.cut(quote, i, this.#instead)
        }
      } else {
        if (!isKept && dropped >= 0) this.#cuts.cut(dropped, start)
        const key = isObject ? (names.name ?? names.member?.name) : count
        const within = value === undefined || key === undefined ? undefined : at(value, key)
        i = this.#value(i, inner, within, depth + 1, more?.node)
        if (more !== undefined) ballot!.count(more, this.#judge.holding)
      }
      if (!isDropped) isKept = true
      else if (isKept) this.#cuts.cut(comma, i)
      else if (dropped < 0) dropped = start
      count++
      const end = i
      i = afterSpace(bytes, i)
      if (bytes[i] === close) {
        if (!isKept && dropped >= 0) this.#cuts.cut(dropped, end)
        // What was judged is not what is read where a name is given twice (RFC 8259 §4).
        if (isObject && value !== undefined && count !== size(value)) throw new MalformedJson('a name given twice')
        break
      }
      if (bytes[i] !== 0x2c) throw new MalformedJson('a comma')
      comma = i
      i = afterSpace(bytes, i + 1)
    }
    if (ballot !== undefined) this.#judge.close(ballot, from, i + 1)
    return i + 1
  }

  #ballot(from: number, asked: JudgeNode | undefined): Ballot | undefined {
    return asked === undefined ? undefined : this.#judge.open(asked, this.#bytes[from] === 0x7b)
  }

  /** Reads a name and the colon behind it. @returns where the value begins */
  #declaredMember(quote: number, state: State, depth: number): number {
    const bytes = this.#bytes
    const names = this.#names
    let i = afterSpace(bytes, names.read(quote, state))
    if (bytes[i] !== 0x3a) throw new MalformedJson('a colon')
    i = afterSpace(bytes, i + 1)
    const { member } = names
    if (member !== undefined) {
      this.#path[depth] = member.name
      this.#inner = this.#mayPass(member) ? member.state : undefined
    } else if (this.#strips && !state.isAny) {
      this.#places.undeclared(state, names.hash, quote, depth)
      this.#refused++
      this.#inner = undefined
    } else {
      this.#path[depth] = '*'
      this.#inner = this.#unsaid(state)
    }
    return i
  }

  #declaredItem(state: State, index: number, depth: number): void {
    const item = state.item(index)
    if (item === undefined && this.#strips) {
      this.#places.item(depth)
      this.#refused++
      this.#inner = undefined
    } else this.#inner = item === 'hidden' ? undefined : (item ?? this.#unsaid(state))
  }

  /** Looks into a string that would stay: `#isDropped` where it is taken out, `#instead` where something stands instead. */
  #string(quote: number): number {
    const bytes = this.#bytes
    const end = afterString(bytes, quote)
    const raw = bytes.toString('utf8', quote, end)
    const text = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1)
    const found = this.#inspect!.look(text)
    this.#isDropped = found === 'strip'
    this.#instead = typeof found === 'object' ? Buffer.from(JSON.stringify(found.text)) : undefined
    if (found !== undefined) this.#places.detected()
    return end
  }

  #mayPass({ isHidden, visibleTo }: Member): boolean {
    if (isHidden) return false
    return visibleTo.length === 0 || visibleTo.every((roles) => roles.some((role) => this.#roles.includes(role)))
  }

  /** What stands in a member or an item that is not declared and stays. */
  #unsaid(state: State): State {
    return state.isAny ? state : this.#options.chooser.anything
  }
}

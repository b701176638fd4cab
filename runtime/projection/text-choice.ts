import type { Asked } from './asked.ts'
import { byWord } from './by-word.ts'
import type { Judge } from './judge.ts'
import { type JudgeNode, Unjudgeable } from './judge-node.ts'
import { hashed, KeyTable, type Named } from './key-table.ts'
import { restAsked } from './rest-asked.ts'
import type { ShapeAlternative, ShapeChoice } from './shape.ts'
import type { State, States } from './states.ts'
import { Tags } from './tags.ts'

interface Word extends Named {
  readonly means: readonly ShapeAlternative[]
}

/** A choice that a discriminator settles. */
interface Tagged {
  readonly choice: ShapeChoice
  readonly by: string
  readonly words: KeyTable<Word>
  readonly absent: readonly ShapeAlternative[]
}

/** Choices that are settled together. */
export interface Step {
  readonly tagged: readonly Tagged[]
  /** Those that what the value is decides: `node` has their alternatives as roots, in order. */
  readonly judged: readonly ShapeChoice[]
  readonly node: JudgeNode | undefined
  /**
   * Whether the text tells too which alternatives hold for what is left of a value without its undeclared members. Where they
   * ask something else of that, these are further roots of `node`, in the same order.
   */
  readonly judgesRest: boolean
  /** By the roots that hold; undefined: text does not tell. */
  readonly outcomes: Map<number, readonly ShapeAlternative[] | undefined>
  /** What values are cut by before it is known what they are: at first, as if all alternatives held. */
  readonly union: State
  /** What is known of values by the roots that hold. */
  readonly settled: Map<number, State>
  guess: State
}

/** How many combinations of alternatives are remembered. */
const mostOutcomes = 1000

/** How choices are settled by the text of a value; shared by all texts. */
export class TextChoices {
  readonly #states: States
  /** Undefined: not by text. */
  readonly #first = new Map<State, Step | undefined>()
  readonly #askedToHave = new Map<string, Asked>()
  readonly #further = new Map<string, Step | undefined>()

  constructor(states: States) {
    this.#states = states
  }

  /** Undefined: values must be parsed to tell. */
  step(state: State): Step | undefined {
    let step = this.#first.get(state)
    if (step === undefined && !this.#first.has(state)) this.#first.set(state, (step = this.#step(state, state.choices)))
    return step
  }

  /** What the state of a value becomes; undefined where the value must be parsed to tell. */
  settle(state: State, from: number, text: ChosenText, depth: number): State | undefined {
    const step = this.step(state)
    const chosen = step === undefined ? undefined : text.chosen(step, from, depth)
    return chosen === undefined ? undefined : this.#settled(state, chosen, from, text, depth)
  }

  /** The same for a value that has been walked. @param holding the roots of the step's node that hold */
  settleBy(
    state: State,
    step: Step,
    holding: number,
    from: number,
    text: ChosenText,
    depth: number,
  ): State | undefined {
    const known = step.settled.get(holding)
    if (known !== undefined) return known
    const chosen = outcomeOf(step, holding)
    if (chosen === undefined) return undefined
    const settled = this.#settled(state, chosen, from, text, depth)
    // Further choices are decided by more than that.
    if (settled?.choices.length === state.choices.length && step.settled.size < mostOutcomes)
      step.settled.set(holding, settled)
    return settled
  }

  #settled(
    state: State,
    first: readonly ShapeAlternative[],
    from: number,
    text: ChosenText,
    depth: number,
  ): State | undefined {
    let chosen = first
    let settled = this.#states.extended(state, chosen)
    if (settled.choices.length === state.choices.length) return settled
    // Alternatives bring further choices: each is asked once.
    const seen = new Set(state.choices)
    for (;;) {
      const open = settled.choices.filter((choice) => !seen.has(choice))
      if (open.length === 0) return settled
      for (const choice of open) seen.add(choice)
      const more = this.#furtherStep(open)
      const found = more === undefined ? undefined : text.chosen(more, from, depth)
      if (found === undefined) return undefined
      chosen = [...chosen, ...found]
      settled = this.#states.extended(state, chosen)
    }
  }

  #furtherStep(open: readonly ShapeChoice[]): Step | undefined {
    const key = this.#states.key(open)
    if (!this.#further.has(key)) this.#further.set(key, this.#step(this.#states.of([]), open))
    return this.#further.get(key)
  }

  #step(state: State, choices: readonly ShapeChoice[]): Step | undefined {
    const tagged: Tagged[] = []
    const judged: ShapeChoice[] = []
    for (const choice of choices) {
      const { by, of } = choice
      if (by === undefined) judged.push(choice)
      else if (of.some(({ words }) => words === undefined)) return undefined
      else tagged.push({ choice, by, words: wordsOf(choice), absent: byWord(choice, undefined) })
    }
    try {
      const roots = judged.flatMap(({ of }) => of.map((one) => this.#askedBy(one)))
      const rest = this.#restNode(state, judged, roots)
      const node = rest ?? (roots.length === 0 ? undefined : this.#states.judged.root(roots))
      const union = this.#states.extended(
        state,
        judged.flatMap(({ of }) => of),
      )
      const judgesRest = rest !== undefined
      return { tagged, judged, node, judgesRest, outcomes: new Map(), settled: new Map(), union, guess: union }
    } catch (error) {
      if (error instanceof Unjudgeable) return undefined
      throw error
    }
  }

  /** What judges values and what is left of them; undefined where the latter cannot be told by text. */
  #restNode(state: State, judged: readonly ShapeChoice[], roots: readonly Asked[]): JudgeNode | undefined {
    const [choice] = judged
    if (choice === undefined || choice.optional === true || state.choices.length > 1 || state.choices[0] !== choice)
      return undefined
    const nodes = this.#states.judged
    try {
      const rest = choice.of.map((one, index) => {
        const settled = this.#states.extended(state, [one])
        // Only what a validator judges may hold for the rest; what brings further choices is settled by these as well.
        if (one.when === undefined || settled.choices.length > 1) throw new Unjudgeable()
        return restAsked(roots[index]!, settled, nodes)
      })
      return nodes.root(rest.every((one, index) => one === roots[index]) ? roots : [...roots, ...rest])
    } catch (error) {
      if (error instanceof Unjudgeable) return undefined
      throw error
    }
  }

  /** The same every time for one alternative. */
  #askedBy({ asked, has }: ShapeAlternative): Asked {
    if (asked !== undefined) return asked
    if (has === undefined) throw new Unjudgeable()
    let known = this.#askedToHave.get(has)
    if (known === undefined) this.#askedToHave.set(has, (known = { types: ['object'], required: [has] }))
    return known
  }
}

/** What tells in one text which alternatives hold. */
export class ChosenText {
  readonly #bytes: Buffer
  readonly #depth: number
  readonly #judge: Judge
  #tags: Tags | undefined

  /** @param bytes with a zero behind them */
  constructor(bytes: Buffer, depth: number, judge: Judge) {
    this.#bytes = bytes
    this.#depth = depth
    this.#judge = judge
  }

  /**
   * @param from where an object or an array begins
   * @param depth how many stand around it
   * @throws MalformedJson, Unjudgeable
   */
  chosen(step: Step, from: number, depth: number): readonly ShapeAlternative[] | undefined {
    const { tagged, node } = step
    const [only] = tagged
    if (node === undefined) {
      if (only === undefined) return []
      if (tagged.length === 1) return this.#byTag(only, from, depth)
    }
    const named = tagged.flatMap((one) => this.#byTag(one, from, depth))
    if (node === undefined) return named
    const judge = this.#judge
    judge.spend(judge.value(from, node, this.#depth - depth) - from)
    const outcome = outcomeOf(step, judge.holding)
    return outcome === undefined || named.length === 0 ? outcome : [...named, ...outcome]
  }

  #byTag({ choice, by, words, absent }: Tagged, from: number, depth: number): readonly ShapeAlternative[] {
    const bytes = this.#bytes
    this.#tags ??= new Tags(bytes)
    const tags = this.#tags
    if (bytes[from] !== 0x7b || !tags.find(from, by, this.#depth - depth)) return absent
    if (bytes[tags.from] === 0x22) {
      let hash = 0
      const end = tags.to - 1
      for (let i = tags.from + 1; i < end; i++) hash = hashed(hash, bytes[i]!)
      const index = words.find(bytes, tags.from + 1, end, hash)
      if (index >= 0) return words.values[index]!.means
    }
    return byWord(choice, tags.word())
  }
}

function outcomeOf({ judged, judgesRest, outcomes }: Step, holding: number): readonly ShapeAlternative[] | undefined {
  if (outcomes.has(holding)) return outcomes.get(holding)
  let bit = 1
  let chosen: ShapeAlternative[] | undefined = []
  for (const { of, optional } of judged) {
    const matching = of.filter((one) => {
      const holds = (holding & bit) !== 0
      bit <<= 1
      return one.unless === undefined ? holds : !holds
    })
    if (matching.length === 0 && optional !== true) {
      // Two that hold for what is left would declare more than either.
      const almost = of.filter((_, index) => (holding & (bit << index)) !== 0)
      chosen = judgesRest ? almost.slice(0, almost.length === 1 ? 1 : 0) : undefined
    }
    chosen?.push(...matching)
  }
  if (outcomes.size < mostOutcomes) outcomes.set(holding, chosen)
  return chosen
}

function wordsOf(choice: ShapeChoice): KeyTable<Word> {
  const words = new Set(choice.of.flatMap(({ words = [] }) => words))
  // A word that would be written with escapes is not found by its bytes.
  const plain = [...words].filter((word) => JSON.stringify(word) === `"${word}"`)
  return new KeyTable(plain.map((name) => ({ name, means: byWord(choice, name) })))
}

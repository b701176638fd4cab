/** Texts in one generation. */
const most = 512
/** Characters; longer texts are not worth their room. */
const longest = 512
/** Hits less misses: below the first, little comes twice; a flood is not remembered for long, nor is a good time. */
const [cold, lowest, highest] = [-1024, -1088, 512] as const
/** While it is cold, one text of so many is looked up: it costs more than it saves, but must be noticed when it no longer does. */
const sample = 16

/**
 * What was made of recent texts, in bounded room: what is asked for often is spelt the same way often. The room is for two
 * generations; what is asked for again moves to the young one. Where texts hardly ever come twice, it stands aside.
 */
export class Recall<T> {
  #young = new Map<string, T>()
  #old = new Map<string, T>()
  #score = 0
  #turn = 0

  get(text: string): T | undefined {
    if (this.#score < cold && ++this.#turn % sample !== 0) return undefined
    let made = this.#young.get(text)
    if (made === undefined && this.#old.size > 0) {
      made = this.#old.get(text)
      if (made !== undefined) this.#put(text, made)
    }
    if (made === undefined) {
      if (this.#score > lowest) this.#score--
    } else if (this.#score < highest) this.#score++
    return made
  }

  /** Called after `get` has not found it. */
  keep(text: string, made: T): void {
    if (this.#score < cold && this.#turn % sample !== 0) return
    if (text.length <= longest) this.#put(text, made)
  }

  #put(text: string, made: T): void {
    if (this.#young.size >= most) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(text, made)
  }
}

/** Texts in one generation. */
const most = 512
/** Characters; longer texts are not worth their room. */
const longest = 512

/**
 * What was made of recent texts, in bounded room: what is asked for often is spelt the same way often. The room is for two
 * generations; what is asked for again moves to the young one, so that a flood of new texts costs what it brings and no more.
 */
export class Recall<T> {
  #young = new Map<string, T>()
  #misses = 0
  #old = new Map<string, T>()

  get(text: string): T | undefined {
    const young = this.#young.get(text)
    if (young !== undefined) {
      this.#misses = 0
      return young
    }
    const old = this.#old.size === 0 ? undefined : this.#old.get(text)
    if (old === undefined) this.#misses++
    else {
      this.#misses = 0
      this.keep(text, old)
    }
    return old
  }

  keep(text: string, made: T): void {
    if (text.length > longest) return
    // Where nothing comes twice, remembering everything would only cost.
    if (this.#misses > 4 * most && this.#misses % 16 !== 0) return
    if (this.#young.size >= most) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(text, made)
  }
}

/** Something a budget of bytes is spent on. The links and the mark are the list's own. */
export abstract class Kept {
  /** Bytes, as accounted. */
  abstract readonly size: number
  /** Used since the hand last passed. */
  visited = false
  newer: Kept | undefined
  older: Kept | undefined
}

/**
 * SIEVE (Zhang et al., NSDI '24): a queue in order of arrival with one mark per item and a hand that moves from the oldest
 * to the newest, sparing what is marked. Things used once (a scan) go first; a use costs one assignment.
 */
export class Sieve {
  #newest: Kept | undefined
  #oldest: Kept | undefined
  #hand: Kept | undefined
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  add(item: Kept): void {
    item.older = this.#newest
    item.newer = undefined
    if (this.#newest !== undefined) this.#newest.newer = item
    this.#newest = item
    this.#oldest ??= item
    this.#bytes += item.size
  }

  remove(item: Kept): void {
    if (this.#hand === item) this.#hand = item.newer
    if (item.newer === undefined) this.#newest = item.older
    else item.newer.older = item.older
    if (item.older === undefined) this.#oldest = item.newer
    else item.older.newer = item.newer
    item.newer = undefined
    item.older = undefined
    this.#bytes -= item.size
  }

  /** What to give up next; undefined where nothing is kept. The caller removes it. */
  victim(): Kept | undefined {
    let item = this.#hand ?? this.#oldest
    // Marks are cleared on the way, so the second round finds one.
    while (item?.visited === true) {
      item.visited = false
      item = item.newer ?? this.#oldest
    }
    this.#hand = item
    return item
  }
}

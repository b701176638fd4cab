/** Bytes of request bodies that a process holds at once: with many large ones under way, memory has an end. */
const most = 128 * 1024 * 1024
/** Bodies up to this length are not counted: requests under way are limited themselves, and counting costs. */
export const uncounted = 64 * 1024

let held = 0

/** What one body holds of the budget of its process. */
export class BodyClaim {
  #bytes = 0

  /** Claims `bytes` in all. @returns whether there is room; one body alone always has it, for its own limit bounds it */
  grow(bytes: number): boolean {
    held += bytes - this.#bytes
    this.#bytes = bytes
    return held <= most || held === this.#bytes
  }

  release(): void {
    held -= this.#bytes
    this.#bytes = 0
  }
}

import type { Place } from '../model/place.ts'
import type { Position } from './position.ts'

/** The texts of everything that was read, by the file's name as diagnostics show it; for code frames and positions. */
export class Sources {
  /** Where places are, as far as somebody has asked before. */
  readonly located = new WeakMap<Place, Position>()
  readonly #texts = new Map<string, string>()
  /** Absolute paths of files that something refers to and that are not there. */
  readonly absent = new Set<string>()

  add(file: string, text: string): void {
    this.#texts.set(file, text)
  }

  text(file: string): string | undefined {
    return this.#texts.get(file)
  }

  /** In the order they were read. */
  get files(): readonly string[] {
    return [...this.#texts.keys()]
  }
}

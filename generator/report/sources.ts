/** The texts of everything that was read, by the file's name as diagnostics show it; for code frames and positions. */
export class Sources {
  readonly #texts = new Map<string, string>()

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

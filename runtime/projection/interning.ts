/** Makes one of what is written the same several times: what alternatives say alike is then seen to be the same. */
export class Interning {
  readonly #same = new WeakMap<object, object>()
  readonly #byText = new Map<string, object>()
  readonly #functions = new Map<unknown, number>()

  /** @param data plain data with validators in it, which are the same where they are the same function */
  of<T extends object>(data: T): T {
    let same = this.#same.get(data)
    if (same === undefined) {
      const text = JSON.stringify(data, (_, value: unknown) => (typeof value === 'function' ? this.#id(value) : value))
      same = this.#byText.get(text) ?? data
      this.#byText.set(text, same)
      this.#same.set(data, same)
    }
    return same as T
  }

  #id(validator: unknown): { readonly validator: number } {
    let id = this.#functions.get(validator)
    if (id === undefined) this.#functions.set(validator, (id = this.#functions.size))
    return { validator: id }
  }
}

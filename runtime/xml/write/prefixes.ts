/** XML Schema's namespace for documents: `xsi:nil`, `xsi:type`. */
export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance'

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'

/** The prefixes of a plan's namespaces: one each, so that the root element can declare all that a document needs. */
export class Prefixes {
  readonly #byNamespace = new Map<string, string>([
    [xmlNamespace, 'xml'],
    [instanceNamespace, 'xsi'],
  ])
  readonly #namespaces = new Map<string, string>([
    ['xml', xmlNamespace],
    ['xsi', instanceNamespace],
  ])
  /** The namespace of names without a prefix; '' is none. */
  readonly main: string
  #count = 0

  /**
   * @param given prefix → namespace, as the author wants them
   * @param main the namespace of the root element where its schema gives it no prefix
   */
  constructor(given: Readonly<Record<string, string>>, main: string) {
    for (const [prefix, namespace] of Object.entries(given)) this.suggest(prefix, namespace)
    this.main = this.#byNamespace.has(main) ? '' : main
  }

  /** Takes a prefix that a schema gives, unless it stands for something else, or the namespace has one. */
  suggest(prefix: string, namespace: string): void {
    if (this.#byNamespace.has(namespace) || this.#namespaces.has(prefix) || prefix === 'xmlns') return
    this.#byNamespace.set(namespace, prefix)
    this.#namespaces.set(prefix, namespace)
  }

  /** What stands before the names of elements of a namespace; '' where nothing does. */
  forElement(namespace: string): string {
    return namespace === this.main ? '' : this.forAttribute(namespace)
  }

  /** Attributes without a prefix are in no namespace, so theirs always has one. */
  forAttribute(namespace: string): string {
    let prefix = this.#byNamespace.get(namespace)
    if (prefix === undefined) {
      do prefix = `ns${++this.#count}`
      while (this.#namespaces.has(prefix))
      this.suggest(prefix, namespace)
    }
    return prefix
  }

  /** The namespace that a prefix stands for. */
  namespaceOf(prefix: string): string | undefined {
    return this.#namespaces.get(prefix)
  }
}

import { escapeValue } from './escape.ts'
import { Overgrown } from './overgrown.ts'
import { instanceNamespace, type Prefixes } from './prefixes.ts'
import type { WrittenName } from './written.ts'

/** The output: tags, and the namespaces that they turn out to need. */
export class XmlText {
  out = ''
  readonly #prefixes: Prefixes
  readonly #size: number
  readonly #used = new Set<string>()

  /** @param size characters */
  constructor(prefixes: Prefixes, size: number) {
    this.#prefixes = prefixes
    this.#size = size
  }

  /**
   * Begins a start tag.
   * @param scope the prefix of names that have none of their own
   * @returns what the tag is called
   */
  open({ prefix, local }: WrittenName, scope: string): string {
    if (this.out.length > this.#size) throw new Overgrown()
    const tag = this.#qualified(prefix ?? scope, local)
    this.out += `<${tag}`
    return tag
  }

  attribute({ prefix, local }: WrittenName, value: string): void {
    this.out += ` ${this.#qualified(prefix ?? '', local)}="${escapeValue(value)}"`
  }

  close(tag: string): void {
    this.out += `</${tag}>`
  }

  /** An element for null. */
  nil(name: WrittenName, scope: string): void {
    this.open(name, scope)
    this.out += ` ${this.#qualified('xsi', 'nil')}="true"/>`
  }

  /** The whole: namespaces are declared once, on the root element, now that it is known which of them it took. */
  end(): string {
    const { main } = this.#prefixes
    let declarations = main === '' ? '' : ` xmlns="${escapeValue(main)}"`
    for (const prefix of this.#used) {
      if (prefix === 'xml') continue
      const namespace = prefix === 'xsi' ? instanceNamespace : this.#prefixes.namespaceOf(prefix)
      if (namespace === undefined) throw new Error(`no namespace is known for the prefix ${prefix}`)
      declarations += ` xmlns:${prefix}="${escapeValue(namespace)}"`
    }
    const name = /^<[^\s/>]+/.exec(this.out)![0].length
    return this.out.slice(0, name) + declarations + this.out.slice(name)
  }

  #qualified(prefix: string, local: string): string {
    if (prefix === '') return local
    this.#used.add(prefix)
    return `${prefix}:${local}`
  }
}

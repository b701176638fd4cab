import { Malformed } from './malformed.ts'
import type { Name } from './names.ts'

const xml = 'http://www.w3.org/XML/1998/namespace'
const xmlns = 'http://www.w3.org/2000/xmlns/'

/** A binding of a prefix ('' for the default namespace) to a namespace ('' for none). */
export interface Binding {
  readonly prefix: string
  readonly uri: string
}

/** Which prefix means which namespace at this place of the document (Namespaces in XML 1.0). */
export class Namespaces {
  /** What an element without a prefix is in. */
  default = ''
  /** The depth of the innermost element that declares anything. */
  innermost = -1
  readonly #bindings: Binding[] = []
  /** For each element that declares anything: its depth and how many bindings stood before it. */
  readonly #scopes: number[] = []

  /** Starts over, in the scope of `bindings`. */
  reset(bindings: readonly Binding[] = []): void {
    this.#bindings.length = 0
    this.#scopes.length = 0
    this.default = ''
    this.innermost = -1
    for (const { prefix, uri } of bindings) this.#bind(prefix, uri)
  }

  /** All bindings in scope, inner ones last. */
  get bindings(): readonly Binding[] {
    return [...this.#bindings]
  }

  /** Takes a declaration of the element at `depth`. */
  declare(depth: number, name: Name, uri: string): void {
    const prefix = name.prefix === '' ? '' : name.local
    if (prefix === 'xmlns' || uri === xmlns) throw new Malformed('the xmlns namespace cannot be declared')
    if ((prefix === 'xml') !== (uri === xml)) throw new Malformed('the xml prefix and its namespace belong together')
    if (prefix !== '' && uri === '') throw new Malformed('a prefix cannot be undeclared')
    const scopes = this.#scopes
    if (scopes.length === 0 || scopes[scopes.length - 2] !== depth) scopes.push(depth, this.#bindings.length)
    this.innermost = depth
    this.#bind(prefix, uri)
  }

  /** Forgets what the {@link innermost} element declared. */
  leave(): void {
    const scopes = this.#scopes
    this.#bindings.length = scopes.pop()!
    scopes.pop()
    this.innermost = scopes[scopes.length - 2] ?? -1
    this.default = this.#find('') ?? ''
  }

  /** What `prefix` (not '') means. @throws Malformed where nothing declares it */
  resolve(prefix: string): string {
    const uri = this.#find(prefix)
    if (uri !== undefined) return uri
    if (prefix === 'xml') return xml
    throw new Malformed('a namespace prefix is not declared')
  }

  #bind(prefix: string, uri: string): void {
    this.#bindings.push({ prefix, uri })
    if (prefix === '') this.default = uri
  }

  #find(prefix: string): string | undefined {
    for (let i = this.#bindings.length - 1; i >= 0; i--) {
      const binding = this.#bindings[i]!
      if (binding.prefix === prefix) return binding.uri
    }
    return undefined
  }
}

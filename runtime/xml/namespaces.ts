import { Malformed } from './malformed.ts'
import type { Name } from './names.ts'

const xml = 'http://www.w3.org/XML/1998/namespace'
const xmlns = 'http://www.w3.org/2000/xmlns/'

/** So many prefixes are remembered when no element declares them any more: the next document has them again. */
const keptPrefixes = 64

/** A binding of a prefix ('' for the default namespace) to a namespace ('' for none). */
export interface Binding {
  readonly prefix: string
  readonly uri: string
}

/** A declaration, and what its prefix meant before. */
interface Declared {
  readonly depth: number
  readonly prefix: string
  readonly before: string | undefined
}

/** Which prefix means which namespace at this place of the document (Namespaces in XML 1.0). */
export class Namespaces {
  /** What an element without a prefix is in. */
  default = ''
  /** The depth of the innermost element that declares anything. */
  innermost = -1
  /** By prefix; undefined where an element that has ended had declared it. */
  readonly #uris = new Map<string, string | undefined>()
  readonly #declared: Declared[] = []

  /** Begins in the scope of `bindings`. */
  start(bindings: readonly Binding[]): void {
    for (const { prefix, uri } of bindings) this.#bind(prefix, uri)
  }

  /** All bindings in scope. */
  get bindings(): readonly Binding[] {
    const prefixed = [...this.#uris].flatMap(([prefix, uri]) => (uri === undefined ? [] : [{ prefix, uri }]))
    return [{ prefix: '', uri: this.default }, ...prefixed]
  }

  /** Takes a declaration of the element at `depth`. */
  declare(depth: number, name: Name, uri: string): void {
    const prefix = name.prefix === '' ? '' : name.local
    if (prefix === 'xmlns' || uri === xmlns) throw new Malformed('the xmlns namespace cannot be declared')
    if ((prefix === 'xml') !== (uri === xml)) throw new Malformed('the xml prefix and its namespace belong together')
    if (prefix !== '' && uri === '') throw new Malformed('a prefix cannot be undeclared')
    this.#declared.push({ depth, prefix, before: prefix === '' ? this.default : this.#uris.get(prefix) })
    this.innermost = depth
    this.#bind(prefix, uri)
  }

  /** Forgets what the {@link innermost} element declared. */
  leave(): void {
    const declared = this.#declared
    while (declared.length > 0 && declared[declared.length - 1]!.depth === this.innermost) {
      const { prefix, before } = declared.pop()!
      // To take a prefix out of the map and put it in again costs more than to leave it there, up to a point.
      if (before === undefined && this.#uris.size > keptPrefixes) this.#uris.delete(prefix)
      else this.#bind(prefix, before)
    }
    this.innermost = declared.length === 0 ? -1 : declared[declared.length - 1]!.depth
  }

  /** What `prefix` (not '') means. @throws Malformed where nothing declares it */
  resolve(prefix: string): string {
    const uri = this.#uris.get(prefix)
    if (uri !== undefined) return uri
    if (prefix === 'xml') return xml
    throw new Malformed('a namespace prefix is not declared')
  }

  #bind(prefix: string, uri: string | undefined): void {
    if (prefix === '') this.default = uri ?? ''
    else this.#uris.set(prefix, uri)
  }
}

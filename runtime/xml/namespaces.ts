import { Malformed } from './malformed.ts'
import { longestKept, type Name } from './names.ts'

const xml = 'http://www.w3.org/XML/1998/namespace'
const xmlns = 'http://www.w3.org/2000/xmlns/'

/** So many prefixes are remembered when no element declares them any more: the next document has them again. */
const keptPrefixes = 64

/** Of all tables: names are shared by them, and remember what one of them said. */
let versions = 0

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
  /** Changes with every binding; no two tables ever have the same. */
  version = ++versions
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
      this.#bind(prefix, before)
      // To take a prefix out of the map and put it in again costs more than to leave it there, up to a point.
      if (before === undefined && this.#uris.size > keptPrefixes) this.#uris.delete(prefix)
    }
    this.innermost = declared.length === 0 ? -1 : declared[declared.length - 1]!.depth
  }

  /** The namespace of a name with a prefix. @throws Malformed where nothing declares it */
  resolve(name: Name): string {
    if (name.version === this.version) return name.uri
    const uri = this.#uris.get(name.prefix) ?? (name.prefix === 'xml' ? xml : undefined)
    if (uri === undefined) throw new Malformed('a namespace prefix is not declared')
    // Names outlive documents: what is long is not kept.
    if (uri.length <= longestKept) {
      name.uri = uri
      name.version = this.version
    }
    return uri
  }

  #bind(prefix: string, uri: string | undefined): void {
    this.version = ++versions
    if (prefix === '') this.default = uri ?? ''
    else this.#uris.set(prefix, uri)
  }
}

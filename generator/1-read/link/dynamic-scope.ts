import type { Target } from './spot.ts'

/** What a `$dynamicRef` means on the way to a place: for each name the outermost schema with that `$dynamicAnchor`. */
export interface DynamicScope {
  /** The same for scopes in which every reference means the same. */
  readonly key: string
  readonly outermost: ReadonlyMap<string, Target>
}

/**
 * Every way on which `$dynamicRef`s can mean different schemas. Which one is meant follows from the resources entered before
 * (JSON Schema 2020-12 §8.2.3.2), and where these begin is known when compiling: each way gets a copy of its own.
 */
export class DynamicScopes {
  /** `$dynamicAnchor`s by name, over all files that were read. */
  readonly anchors = new Map<string, Target[]>()
  readonly #byResource = new Map<string, Map<string, Target>>()
  readonly #known = new Map<string, DynamicScope>()

  add(name: string, target: Target): void {
    this.anchors.set(name, [...(this.anchors.get(name) ?? []), target])
    const { uri } = target.scope
    const own = this.#byResource.get(uri) ?? new Map<string, Target>()
    if (!own.has(name)) own.set(name, target)
    this.#byResource.set(uri, own)
  }

  /** @param uri of the resource that is entered */
  enter(outer: DynamicScope | undefined, uri: string): DynamicScope | undefined {
    // A name that only one schema has means that one anywhere.
    const fresh = [...(this.#byResource.get(uri) ?? [])].filter(
      ([name]) => this.anchors.get(name)!.length > 1 && outer?.outermost.has(name) !== true,
    )
    if (fresh.length === 0) return outer
    const outermost = new Map([...(outer?.outermost ?? []), ...fresh])
    const key = [...outermost]
      .map(([name, { location }]) => `${name} ${location}`)
      .sort()
      .join('\n')
    const known = this.#known.get(key) ?? { key, outermost }
    this.#known.set(key, known)
    return known
  }
}

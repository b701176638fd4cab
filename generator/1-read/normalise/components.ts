import { componentReference } from '../../model/component-reference.ts'
import { isObject } from '../../model/json.ts'
import type { Places } from '../../model/spec-node.ts'
import type { Gaps } from '../../report/catalogue.ts'
import { ignoresSiblings } from '../link/dialect.ts'
import type { Failure, Linker } from '../link/linker.ts'
import { refOf, type Spot, type Target } from '../link/spot.ts'
import { put } from '../put.ts'
import { componentNames, safeName } from './component-names.ts'
import type { Section } from './kinds.ts'

/** How a referenced value becomes a component. */
export interface Conversion {
  /** The same for what is converted in the same way: a 2.0 response depends on the media types of its operation. */
  readonly id: string
  readonly section: Section
  /** In words, for messages. */
  readonly called: string
  convert(spot: Spot): unknown
}

/** An entry that the author wrote into `components` (or 2.0's `definitions`, `parameters`, `responses`). */
export interface Entry {
  readonly name: string
  readonly target: Target
  readonly conversion: Conversion
}

type Hoisted =
  | { readonly ref: string; readonly warnings?: readonly ('ref-parameter' | 'ref-plus')[] }
  | Failure
  | { readonly failed: 'ref-kind'; readonly gaps: Gaps<'ref-kind'> }

/**
 * The components of the normal form. Whatever a reference names (another file, a deep pointer, an anchor) becomes one of
 * them, once, converted from a queue: nothing recurses through references, and output is linear in what was read.
 */
export class Components {
  readonly #linker: Linker
  readonly #places: Places
  readonly #sections = new Map<string, Record<string, unknown>>()
  /** What stands where: by its location, the component it is. */
  readonly #homes = new Map<string, { section: Section; id: string; name: string; ref: string }>()
  readonly #hoisted = new Map<string, string>()
  readonly #byValue = new Map<object, Map<string, string>>()
  readonly #queue: { holder: Record<string, unknown>; name: string; target: Target; conversion: Conversion }[] = []

  constructor(linker: Linker, places: Places) {
    this.#linker = linker
    this.#places = places
  }

  section(section: string): Record<string, unknown> {
    let holder = this.#sections.get(section)
    if (holder === undefined) this.#sections.set(section, (holder = {}))
    return holder
  }

  get sections(): ReadonlyMap<string, Record<string, unknown>> {
    return this.#sections
  }

  /**
   * Takes the author's own components before anything is converted, so that references to them keep their names. One that is only a
   * reference to something outside becomes its target: `Pet: { $ref: ./pet.yaml }` is where pet.yaml goes.
   */
  adopt(entries: readonly Entry[]): void {
    for (const { name, target, conversion } of entries) {
      const { section, id } = conversion
      this.#homes.set(target.location, { section, id, name, ref: componentReference(section, name) })
      put(this.section(section), name, undefined)
    }
    for (const { name, target, conversion } of entries) {
      const { section, id } = conversion
      let source = target
      const ref = refOf(target.value)
      if (ref !== undefined && isMereReference(target, conversion)) {
        const end = this.#end(ref, target, conversion)
        if (!('failed' in end) && !this.#homes.has(end.location) && suits(end, conversion)) {
          this.#homes.set(end.location, { section, id, name, ref: componentReference(section, name) })
          source = end
        }
      }
      this.#queue.push({ holder: this.section(section), name, target: source, conversion })
    }
  }

  /** The reference of the normal form for what `ref`, written at `from`, names. */
  hoist(ref: string, from: Spot, conversion: Conversion): Hoisted {
    const target = this.#end(ref, from, conversion)
    if (!('failed' in target)) return this.place(ref, target, conversion)
    if (target.failed !== 'ref-not-found' || !ref.includes('+')) return target
    const spaced = this.hoist(ref.replaceAll('+', '%20'), from, conversion)
    return 'ref' in spaced ? { ref: spaced.ref, warnings: ['ref-plus'] } : target
  }

  /** The same for a target that is known already. */
  place(ref: string, target: Target, conversion: Conversion): Hoisted {
    const home = this.#homes.get(target.location)
    const isAtHome = this.#linker.isAtHome(target)
    if (home?.id === conversion.id && isAtHome) return { ref: home.ref }
    const wrong = home !== undefined && home.section !== conversion.section
    if (wrong && conversion.section === 'schemas' && /^(parameters|headers)$/.test(home.section)) {
      const schema = this.#linker.step(target, 'schema')
      const made = isObject(schema.value) ? this.place(ref, schema, conversion) : undefined
      if (made !== undefined && 'ref' in made) return { ref: made.ref, warnings: ['ref-parameter'] }
    }
    if (wrong || !suits(target, conversion)) {
      return { failed: 'ref-kind', gaps: { ref, expected: conversion.called } }
    }
    const id = isAtHome ? conversion.id : `${conversion.id} ${target.dynamic?.key}`
    const key = `${id} ${target.location}`
    const known = this.#hoisted.get(key) ?? this.#ofValue(target.value, id)
    if (known !== undefined) return { ref: known }
    const holder = this.section(conversion.section)
    for (const name of componentNames(target.location, this.#ownerOf(target.location), conversion.section)) {
      if (Object.hasOwn(holder, name)) continue
      const made = componentReference(conversion.section, name)
      this.#hoisted.set(key, made)
      this.#remember(target.value, id, made)
      put(holder, name, undefined)
      this.#queue.push({ holder, name, target, conversion })
      return { ref: made }
    }
    throw new Error('component names never end')
  }

  /** Whether a location is a component of another kind than a reference expects. */
  isOther(target: Target, section: Section | undefined): boolean {
    const home = this.#homes.get(target.location)
    return home !== undefined && home.section !== section
  }

  /** Converts what was adopted and hoisted, until nothing new turns up. */
  drain(): void {
    // The queue grows while it is walked.
    for (const { holder, name, target, conversion } of this.#queue) {
      const value = conversion.convert(target)
      if (value === undefined) delete holder[name]
      else put(holder, name, value)
      if (typeof value === 'object' && value !== null) this.#places.set(value, target.place)
      else this.#places.setMember(holder, name, target.place)
    }
  }

  #end(ref: string, from: Spot, conversion: Conversion): Target | Failure {
    return this.#linker.resolveChain(
      ref,
      from,
      (target) => isMereReference(target, conversion) && this.#homes.get(target.location)?.id !== conversion.id,
    )
  }

  /** The author's component that a location is within. */
  #ownerOf(location: string): { name: string; location: string } | undefined {
    for (let end = location.lastIndexOf('/'); end > location.indexOf('#'); end = location.lastIndexOf('/', end - 1)) {
      const outer = location.slice(0, end)
      const home = this.#homes.get(outer)
      if (home !== undefined) return { name: safeName(home.name), location: outer }
    }
    const file = location.slice(0, location.indexOf('#') + 1)
    const home = file === location ? undefined : this.#homes.get(file)
    return home && { name: safeName(home.name), location: file }
  }

  #ofValue(value: unknown, id: string): string | undefined {
    return isObject(value) ? this.#byValue.get(value)?.get(id) : undefined
  }

  #remember(value: unknown, id: string, ref: string): void {
    if (!isObject(value)) return
    const refs = this.#byValue.get(value) ?? new Map<string, string>()
    refs.set(id, ref)
    this.#byValue.set(value, refs)
  }
}

/** Since 3.1 a schema's `$ref` is a keyword among others; everywhere else it stands for the whole object. */
function isMereReference(target: Spot, conversion: Conversion): boolean {
  const { file, dialect } = target.scope
  if (conversion.section !== 'schemas' || file.version < '3.1' || ignoresSiblings(dialect)) return true
  return Object.keys(target.value as object).length === 1
}

function suits(target: Target, conversion: Conversion): boolean {
  return isObject(target.value) || (conversion.section === 'schemas' && typeof target.value === 'boolean')
}

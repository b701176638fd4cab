import { isObject } from '../../model/json.ts'
import { childPlace, type Place } from '../../model/place.ts'
import type { Places } from '../../model/spec-node.ts'
import type { Reporter } from '../../report/reporter.ts'
import type { Linker } from '../link/linker.ts'
import { refOf, type Spot } from '../link/spot.ts'
import { put } from '../put.ts'
import type { Components, Conversion } from './components.ts'
import { Inliner } from './inliner.ts'
import { called, type Kind, kinds, type Shape, sectionOf, shapeOf } from './kinds.ts'
import { convertSchema } from './schema.ts'
import { convertRequirement } from './security-requirement.ts'

/** Fills in an object of OpenAPI 2.0; false where the general way will do. */
export type ObjectConversion = (spot: Spot, kind: Exclude<Kind, 'schema'>, out: Record<string, unknown>) => boolean

/**
 * Copies a document into the normal form, along the objects that OpenAPI defines. Data (examples, extensions, defaults) is not
 * looked into and stays the same object. Every value keeps the place its author gave it.
 */
export class Converter {
  readonly linker: Linker
  readonly components: Components
  readonly places: Places
  readonly reporter: Reporter
  /** Objects of 2.0 have other members. */
  readonly #swagger: ObjectConversion
  readonly #converted = new Map<string, Map<object, Record<string, unknown>>>()
  readonly #conversions = new Map<Kind, Conversion>()
  readonly #open = new Set<unknown>()
  readonly inliner: Inliner

  constructor(
    linker: Linker,
    components: Components,
    places: Places,
    reporter: Reporter,
    swagger: (converter: Converter) => ObjectConversion,
  ) {
    this.linker = linker
    this.components = components
    this.places = places
    this.reporter = reporter
    this.inliner = new Inliner(this)
    this.#swagger = swagger(this)
  }

  conversion(kind: Kind): Conversion {
    let known = this.#conversions.get(kind)
    if (known === undefined) {
      const section = sectionOf(kind)
      if (section === undefined) throw new Error(`no section holds a ${kind}`)
      known = { id: kind, section, called: called(kind), convert: (spot) => this.convert(spot, kind) }
      this.#conversions.set(kind, known)
    }
    return known
  }

  /** The value in the normal form; undefined where it must be left out (reported). */
  convert(spot: Spot, shape: Shape): unknown {
    if (shape === 'any') return spot.value
    if (typeof shape === 'object') return this.#collection(spot, shape)
    // `items` may be a list of schemas, in old documents.
    if (shape === 'schema' && Array.isArray(spot.value)) return this.#list(spot, spot.value, 'schema')
    if (shape === 'schema') return convertSchema(this, spot)
    if (shape === 'securityRequirement') return convertRequirement(this, spot)
    return this.object(spot, shape)
  }

  /** @param build converts the object itself, once it is no reference */
  object(spot: Spot, kind: Exclude<Kind, 'schema'>, build?: (spot: Spot) => unknown): unknown {
    const { value } = spot
    if (!isObject(value)) return value
    const ref = refOf(value)
    if (ref !== undefined) {
      if (kinds[kind].section !== undefined) return this.reference(spot, ref, this.conversion(kind))
      return this.inliner.inline(spot, kind, (target) => this.object(target, kind, build))
    }
    if (Object.hasOwn(value, '$ref')) this.reporter.report('ref-invalid', this.linker.child(spot, '$ref').place, {})
    if (build !== undefined) return build(spot)
    const same = kind === 'pathItemHere' ? 'pathItem' : kind
    return this.once(spot, same, (out) => {
      if (spot.scope.file.version === '2.0' && this.#swagger(spot, same, out)) return
      for (const key of Object.keys(value)) this.member(spot, key, shapeOf(kind, key), out)
    })
  }

  /**
   * Converts an object once, however many ways lead to it: `fill` gets the result-to-be.
   *
   * Only an inlined reference can lead back into an object that is being converted; it would never end.
   */
  once(spot: Spot, kind: Kind, fill: (out: Record<string, unknown>) => void): unknown {
    const value = spot.value as object
    const way = spot.dynamic === undefined ? kind : `${kind} ${spot.dynamic.key}`
    let memo = this.#converted.get(way)
    if (memo === undefined) this.#converted.set(way, (memo = new Map()))
    const known = memo.get(value)
    if (known !== undefined) {
      if (!this.#open.has(known) || this.inliner.current === undefined) return known
      this.reporter.report('ref-cycle', this.inliner.current, {})
      return undefined
    }
    const out: Record<string, unknown> = {}
    memo.set(value, out)
    this.#open.add(out)
    fill(out)
    this.#open.delete(out)
    return out
  }

  /** Converts a member into `out`, under the same name. */
  member(spot: Spot, key: string, shape: Shape, out: Record<string, unknown>): void {
    const child = this.linker.child(spot, key)
    const result = this.convert(child, shape)
    if (result === undefined) return
    put(out, key, result)
    this.#carry(spot, child, out, key, result)
  }

  /** Puts a value that its author wrote elsewhere. */
  move(out: Record<string, unknown>, key: string, value: unknown, place: Place): void {
    put(out, key, value)
    this.places.setMember(out, key, place)
    if (typeof value === 'object' && value !== null) this.places.set(value, place)
  }

  /** A Reference Object, or a schema's `$ref`; left as it is where it leads nowhere (reported). */
  reference(spot: Spot, ref: string, conversion: Conversion): unknown {
    const made = this.refOrReport(spot, ref, conversion)
    if (made === undefined)
      return conversion.section === 'examples' || conversion.section === 'links' ? undefined : spot.value
    const out: Record<string, unknown> = { $ref: made }
    for (const key of Object.keys(spot.value as object)) {
      const keeps = spot.scope.file.version >= '3.1' && (key === 'summary' || key === 'description')
      if (keeps || key.startsWith('x-')) this.member(spot, key, 'any', out)
    }
    return out
  }

  /** @param member where the reference stands in the spot */
  refOrReport(spot: Spot, ref: string, conversion: Conversion, member = '$ref'): string | undefined {
    const hoisted = this.components.hoist(ref, spot, conversion)
    if ('ref' in hoisted) {
      for (const code of hoisted.warnings ?? [])
        this.reporter.report(code, this.linker.child(spot, member).place, { ref })
      return hoisted.ref
    }
    this.reportFailure(hoisted, this.linker.child(spot, member).place, conversion.section)
    return undefined
  }

  reportFailure(
    failure: Exclude<ReturnType<Components['hoist']>, { ref: string }>,
    place: Place,
    section?: string,
  ): void {
    // The proxy works without examples and links: nothing to stop for.
    const harmless = section === 'examples' || section === 'links'
    if (failure.failed === 'reported') return
    if (harmless && failure.failed === 'remote-ref') this.reporter.report('remote-ref-ignored', place, failure.gaps)
    else if (harmless && 'ref' in failure.gaps)
      this.reporter.report('ref-not-found-ignored', place, { ref: failure.gaps.ref })
    else this.reporter.report(failure.failed, place, failure.gaps as never)
  }

  #collection(spot: Spot, shape: { list: Kind } | { map: Kind }): unknown {
    const { value } = spot
    const ref = refOf(value)
    if (ref !== undefined) return this.inliner.inline(spot, undefined, (target) => this.#collection(target, shape))
    if ('list' in shape) {
      if (!Array.isArray(value)) return value
      return this.#list(spot, value, shape.list)
    }
    if (!isObject(value)) return value
    const out: Record<string, unknown> = {}
    for (const key of Object.keys(value)) this.member(spot, key, shape.map, out)
    return out
  }

  #list(spot: Spot, value: readonly unknown[], kind: Kind): unknown[] {
    const out: unknown[] = []
    for (const index of value.keys()) {
      const child = this.linker.child(spot, index)
      const result = this.convert(child, kind)
      if (result === undefined) continue
      out.push(result)
      this.#carry(spot, child, out, out.length - 1, result)
    }
    return out
  }

  /** An overlay's value, or an item behind one that was left out, does not stand where its parent says. */
  #carry(from: Spot, child: Spot, out: object, outKey: string | number, result: unknown): void {
    const isMoved = typeof result === 'object' && result !== null && this.places.of(result) !== undefined
    if (isMoved) return
    const expected = childPlace(from.place, outKey)
    if (child.place.pointer === expected.pointer && child.place.file === expected.file) return
    this.places.setMember(out, outKey, child.place)
    if (typeof result === 'object' && result !== null) this.places.set(result, child.place)
  }
}

import { isObject } from '../../model/json.ts'
import type { Place } from '../../model/place.ts'
import { refOf, type Spot } from '../link/spot.ts'
import type { Converter } from './converter.ts'
import { called, type Kind, shapeOf } from './kinds.ts'

/**
 * References that have no section in `components`: those of path items, and those that people write where OpenAPI has none
 * (`get: { $ref: … }`, `schemas: { $ref: … }`). What they name is put where they stand.
 */
export class Inliner {
  readonly #converter: Converter
  readonly #targets = new Set<unknown>()
  #current: Place | undefined
  /** References where OpenAPI has none, for one warning. */
  readonly misplaced: Place[] = []

  constructor(converter: Converter) {
    this.#converter = converter
  }

  /** The reference that is being put in place, if one is. */
  get current(): Place | undefined {
    return this.#current
  }

  /**
   * @param kind undefined for a list or a map
   * @returns undefined where the reference leads back to itself (reported)
   */
  inline(spot: Spot, kind: Exclude<Kind, 'schema'> | undefined, convert: (target: Spot) => unknown): unknown {
    const { linker, components, places, reporter } = this.#converter
    const { place } = linker.child(spot, '$ref')
    const ref = refOf(spot.value)!
    if (kind !== 'pathItemHere') this.misplaced.push(place)
    const target = linker.resolve(ref, spot)
    if ('failed' in target) {
      this.#converter.reportFailure(target, place)
      return spot.value
    }
    const section = kind === 'pathItemHere' ? 'pathItems' : undefined
    if (components.isOther(target, section) || typeof target.value !== 'object' || target.value === null) {
      reporter.report('ref-kind', place, { ref, expected: kind === undefined ? 'list or map' : called(kind) })
      return spot.value
    }
    if (this.#targets.has(target.value)) {
      reporter.report('ref-cycle', place, {})
      return undefined
    }
    const outer = this.#current
    this.#current = place
    this.#targets.add(target.value)
    const result = convert(target)
    this.#targets.delete(target.value)
    this.#current = outer
    if (typeof result !== 'object' || result === null) return result
    if (places.of(result) === undefined) places.set(result, target.place)
    return isObject(result) && kind !== undefined ? this.#withSiblings(spot, kind, result) : result
  }

  /** What stands beside the reference wins (OpenAPI 3.1 §4.8.9 leaves it open; 2.0 and its readers ignore it). */
  #withSiblings(spot: Spot, kind: Exclude<Kind, 'schema'>, target: Record<string, unknown>): unknown {
    const { linker, places } = this.#converter
    const isOld = spot.scope.file.version === '2.0'
    const siblings = Object.keys(spot.value as object).filter(
      (key) => key !== '$ref' && (!isOld || key.startsWith('x-')),
    )
    if (siblings.length === 0) return target
    const out: Record<string, unknown> = {}
    const place = places.of(target)!
    for (const key of Object.keys(target)) {
      this.#converter.move(out, key, target[key], places.below(target, place, key))
    }
    for (const key of siblings) {
      const child = linker.child(spot, key)
      this.#converter.move(out, key, this.#converter.convert(child, shapeOf(kind, key)), child.place)
    }
    return out
  }
}

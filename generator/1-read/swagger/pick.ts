import { isObject } from '../../model/json.ts'
import type { Spot } from '../link/spot.ts'
import type { Converter } from '../normalise/converter.ts'
import { put } from '../put.ts'

/** The spot with only some of its members, each with its place. */
export function pick(converter: Converter, spot: Spot, keep: (key: string) => boolean): Spot {
  const value: Record<string, unknown> = {}
  if (isObject(spot.value)) {
    for (const key of Object.keys(spot.value)) {
      if (!keep(key)) continue
      put(value, key, spot.value[key])
      const own = converter.places.ofMember(spot.value, key)
      if (own !== undefined) converter.places.setMember(value, key, own)
    }
  }
  return { ...spot, value }
}

/** The texts of a list, with their places: `consumes`, `produces`, `schemes`. */
export interface Listed {
  readonly text: string
  readonly place: Spot['place']
}

export function listed(converter: Converter, spot: Spot): Listed[] | undefined {
  if (!Array.isArray(spot.value)) return undefined
  return spot.value.flatMap((text, index) =>
    typeof text === 'string' ? [{ text, place: converter.linker.child(spot, index).place }] : [],
  )
}

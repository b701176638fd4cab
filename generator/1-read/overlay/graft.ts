import type { Place } from '../../model/place.ts'
import { childPlace } from '../../model/place.ts'
import type { Places } from '../../model/spec-node.ts'
import { put } from '../put.ts'

/**
 * A copy for one spot of the document: one overlay value may go to many, and what is shared (a YAML alias) must not change
 * everywhere when it is changed in one place. Every part keeps the place where its author wrote it.
 *
 * @param isRoot the value is a whole document: its parts stand where their pointers say
 */
export function graft(value: unknown, place: Place, places: Places, isRoot = false): unknown {
  if (typeof value !== 'object' || value === null) return value
  const copy: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : {}
  if (!isRoot) places.set(copy, place)
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const child = (value as Record<string | number, unknown>)[key]
    const derived = childPlace(place, key)
    const own = places.below(value, place, key)
    const isMoved = own.file !== derived.file || own.pointer !== derived.pointer
    const copied = graft(child, own, places, !isMoved)
    if (Array.isArray(copy)) copy.push(copied)
    else put(copy, key as string, copied)
    if (isMoved) places.setMember(copy, key, own)
  }
  return copy
}

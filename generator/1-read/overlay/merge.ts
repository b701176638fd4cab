import { isObject } from '../../model/json.ts'
import type { Place } from '../../model/place.ts'
import type { Places } from '../../model/spec-node.ts'
import { put } from '../put.ts'
import { graft } from './graft.ts'

/** Gives a list or object of the document a member that was written elsewhere. */
export function setAt(owner: object, key: string | number, value: unknown, place: Place, places: Places): void {
  const copied = graft(value, place, places)
  if (Array.isArray(owner)) owner[Number(key)] = copied
  else put(owner as Record<string, unknown>, String(key), copied)
  places.setMember(owner, key, place)
}

/** Takes away an item; the ones behind it move up, their places with them. */
export function removeItem(list: unknown[], index: number, place: Place, places: Places): void {
  const kept = list.map((_, at) => places.below(list, place, at))
  list.splice(index, 1)
  kept.splice(index, 1)
  for (let at = index; at < list.length; at++) places.setMember(list, at, kept[at]!)
}

/**
 * Merges an update into an object or a list of the document: objects by key, lists by appending, everything else replaces.
 * Overlay 1.1 §4.4.3
 *
 * @returns the place of an update that does not fit what is there: a list over an object, or the other way round
 */
export function* merge(target: object, update: unknown, place: Place, places: Places): Generator<Place> {
  if (Array.isArray(target)) {
    // "An entry to append"; a list of entries is what people write, and no list of OpenAPI holds lists.
    for (const [index, entry] of (Array.isArray(update) ? update : [update]).entries()) {
      const where = Array.isArray(update) ? places.below(update, place, index) : place
      setAt(target, target.length, entry, where, places)
    }
    return
  }
  if (!isObject(update)) {
    yield place
    return
  }
  for (const key of Object.keys(update)) {
    const next = update[key]
    const where = places.below(update, place, key)
    const current = Object.hasOwn(target, key) ? (target as Record<string, unknown>)[key] : undefined
    const mergeable = (isObject(current) && isObject(next)) || (Array.isArray(current) && Array.isArray(next))
    if (mergeable) yield* merge(current as object, next, where, places)
    else if (Array.isArray(current) || (isObject(current) && Array.isArray(next))) yield where
    else setAt(target, key, next, where, places)
  }
}

import { childPlace, type Place, pointerTokens } from '../model/place.ts'
import type { SpecNode } from '../model/spec-node.ts'

/**
 * Where a member's key was written. A value that came in from another file left its key behind in its owner's; one that an
 * overlay wrote brought its key along, and stands under it there.
 */
export function keyPlace(owner: SpecNode, key: string): Place {
  const place = owner.placeOf(key, 'key')
  return pointerTokens(place.pointer).at(-1) === key ? place : childPlace(owner.place, key, 'key')
}

import type { Asked, AskedParts, JsonType } from './asked.ts'
import { type JudgeNodes, Unjudgeable } from './judge-node.ts'
import type { State } from './states.ts'

type Parts = { -readonly [K in keyof AskedParts]: AskedParts[K] }

interface Reference {
  readonly name: string
  readonly state: State
  /** Whether it was taken to ask the same of the rest, to find out whether it does. */
  isAssumed: boolean
}

/** How many schemas are looked at for one. */
const mostLookedAt = 2000

const every: readonly JsonType[] = ['string', 'number', 'boolean', 'null', 'array', 'object']
/** No value is like that. */
const never: Asked = { types: [] }

/**
 * What a schema asks of what is left of a value when the members and items are gone that a state does not declare; said of the
 * value as it comes, so that the walk that judges the value judges the rest of it too. The very same object where it is the
 * same.
 *
 * @param state its own choices are settled; it declares what the schema does, or more
 * @throws Unjudgeable where that cannot be said
 */
export function restAsked(asked: Asked, state: State, nodes: JudgeNodes): Asked {
  const around: Reference[] = []
  let count = 0

  /** Of a member's value or an item. */
  function inner(of: Asked, its: State): Asked {
    if (isOfOutside(of)) return of
    if (its.choices.length > 0) throw new Unjudgeable()
    return rest(of, its)
  }

  function rest(of: Asked, its: State): Asked {
    if (of === 'any' || isOfOutside(of) || its.isAny) return of
    if (count++ > mostLookedAt) throw new Unjudgeable()
    if ('is' in of) return referred(of, its)
    const changed = ofItems(ofMembers(of, its), its)
    if (canBeWhole(of)) throw new Unjudgeable()
    for (const keyword of ['all', 'any', 'one'] as const) {
      const branches = of[keyword]
      if (branches !== undefined) changed[keyword] = branches.map((branch) => rest(branch, its))
    }
    return nodes.interning.of<AskedParts>(changed) === nodes.interning.of(of) ? of : changed
  }

  function referred(of: { readonly is: string }, its: State): Asked {
    const known = around.find(({ name, state: other }) => name === of.is && other === its)
    if (known !== undefined) {
      known.isAssumed = true
      return of
    }
    const reference: Reference = { name: of.is, state: its, isAssumed: false }
    const target = nodes.component(of.is)
    around.push(reference)
    const changed = rest(target, its)
    around.pop()
    if (changed === target) return of
    if (reference.isAssumed) throw new Unjudgeable()
    return changed
  }

  function ofMembers(of: AskedParts, its: State): Parts {
    const { required, properties = {}, additional, ...others } = of
    const changed: Parts = others
    if (required !== undefined) {
      // What is gone is not there.
      if (required.every((name) => its.member(name) !== undefined)) changed.required = required
      else changed.types = (of.types ?? every).filter((type) => type !== 'object')
    }
    if (its.hasOthers && !its.declaresAll) throw new Unjudgeable()
    const kept = Object.entries(properties).flatMap(([name, one]): [string, Asked][] => {
      const member = its.member(name)
      return member === undefined ? [] : [[name, inner(one, member.state)]]
    })
    if (additional !== undefined) {
      for (const { name, state: member } of its.table.values) {
        if (Object.hasOwn(properties, name)) continue
        kept.push([name, additional === false ? never : inner(additional, member)])
      }
      if (its.declaresAll) changed.additional = additional
      if (its.declaresAll && additional !== false && !isOfOutside(additional)) throw new Unjudgeable()
    }
    if (kept.length > 0 || of.properties !== undefined) changed.properties = Object.fromEntries(kept)
    return changed
  }

  function ofItems({ items, ...others }: Parts, its: State): Parts {
    const changed: Parts = others
    if (items === undefined) return changed
    if (its.prefix > 0) throw new Unjudgeable()
    const item = its.item(0)
    if (item !== undefined) changed.items = item === 'hidden' ? items : inner(items, item)
    return changed
  }

  return rest(asked, state)
}

/** Whether a validator is given objects or arrays. */
function canBeWhole({ test, types }: AskedParts): boolean {
  return test !== undefined && (types === undefined || types.includes('object') || types.includes('array'))
}

/** Whether nothing is asked of what is inside of objects and arrays. */
function isOfOutside(asked: Asked): boolean {
  if (asked === 'any') return true
  if ('is' in asked) return false
  const { required, properties, additional, items, all = [], any = [], one = [] } = asked
  if ((required ?? properties ?? additional ?? items) !== undefined || canBeWhole(asked)) return false
  return [...all, ...any, ...one].every(isOfOutside)
}

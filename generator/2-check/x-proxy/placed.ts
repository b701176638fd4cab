import { isObject } from '../../model/json.ts'
import type { Place } from '../../model/place.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { reusableGroups } from '../../model/vocabulary.ts'
import { nearest } from '../../report/nearest.ts'
import type { Reporter } from '../../report/reporter.ts'
import { keyPlace } from '../key-place.ts'

/** A value of `x-proxy` with references followed and levels merged, every part of it with its place. */
export interface Placed {
  /** Where the value stands; for a merged object, where its innermost part stands. */
  readonly place: Place
  /** Where its key stands. */
  readonly key: Place
  readonly scalar: unknown
  readonly members: ReadonlyMap<string, Placed> | undefined
  readonly items: readonly Placed[] | undefined
}

/** The plain value, as an option schema judges it. */
export function plain(placed: Placed): unknown {
  if (placed.items !== undefined) return placed.items.map(plain)
  if (placed.members === undefined) return placed.scalar
  // `fromEntries` defines members: a key `__proto__` is data.
  return Object.fromEntries([...placed.members].map(([key, member]) => [key, plain(member)]))
}

/** Objects merge by key, everything else replaces: the rule of inheritance (x-proxy, rule 3). */
export function merge(outer: Placed | undefined, inner: Placed): Placed {
  if (outer?.members === undefined || inner.members === undefined) return inner
  const members = new Map(outer.members)
  for (const [key, member] of inner.members) members.set(key, merge(members.get(key), member))
  return { ...inner, members }
}

const target = /^#\/components\/x-proxy\/([^/]+)\/([^/]+)$/

/**
 * Follows `{ $ref: '#/components/x-proxy/<group>/<name>', …siblings }` everywhere inside a value; siblings override.
 *
 * @param quiet findings were reported by an earlier look at the same value
 */
export function placed(
  node: SpecNode,
  key: Place,
  reporter: Reporter | undefined,
  trail: readonly string[] = [],
): Placed {
  const { value, place } = node
  if (Array.isArray(value)) {
    const items = node.items().map((item) => placed(item, item.place, reporter, trail))
    return { place, key, scalar: undefined, members: undefined, items }
  }
  if (!isObject(value)) return { place, key, scalar: value, members: undefined, items: undefined }
  const members = new Map<string, Placed>()
  for (const [name, member] of node.entries()) {
    if (name !== '$ref') members.set(name, placed(member, keyPlace(node, name), reporter, trail))
  }
  const own: Placed = { place, key, scalar: undefined, members, items: undefined }
  const reference = node.at('$ref')
  if (reference === undefined) return own
  const named = follow(reference, reporter, trail)
  if (named === undefined) return own
  const base = placed(named, key, reporter, [...trail, reference.string!])
  return members.size === 0 ? { ...base, key } : merge(base, own)
}

function follow(reference: SpecNode, reporter: Reporter | undefined, trail: readonly string[]): SpecNode | undefined {
  const text = reference.string ?? ''
  const [, group, name] = target.exec(text) ?? []
  if (group === undefined || name === undefined) {
    reporter?.report('reference-unsuitable', reference, { ref: text })
    return undefined
  }
  if (trail.includes(text)) {
    reporter?.report('reference-endless', reference, { ref: text })
    return undefined
  }
  const groups = reference.tree.root.at('components')?.at('x-proxy')
  const found = groups?.at(group)?.at(name)
  if (found !== undefined) return found
  const known = reusableGroups.flatMap((each) =>
    (groups?.at(each)?.entries() ?? []).map(([entry]) => `#/components/x-proxy/${each}/${entry}`),
  )
  const near = nearest(text, known)
  reporter?.report('unknown-name', reference, {
    kind: 'x-proxy component',
    name: text,
    ...(near === undefined ? {} : { nearest: near }),
  })
  return undefined
}

import { isObject, member } from '../model/json.ts'
import type { SpecNode } from '../model/spec-node.ts'

/** What `x-proxy` says for one operation, with the level each key was last written on. */
export interface MergedOptions {
  readonly value: unknown
  /** The innermost node that wrote the key. */
  readonly node: SpecNode
  /** 0: document, 1: path item, 2: operation. */
  readonly level: 0 | 1 | 2
}

/** One place that may carry `x-proxy`, with what it says once `use` and `$ref` are followed. */
interface LevelOptions {
  readonly node: SpecNode
  readonly value: { readonly [key: string]: unknown }
}

/**
 * Merges `x-proxy` from document to path item to operation: objects by key, scalars and arrays replaced; within a level
 * the groups that `use` names come first, in order, and what is written there overrides them.
 */
export class ProxyOptions {
  readonly #levels: readonly (LevelOptions | undefined)[]

  constructor(root: SpecNode, pathItem?: SpecNode, operation?: SpecNode) {
    this.#levels = [root, pathItem, operation].map((owner) => owner && levelOptions(root, owner))
  }

  /** The options under `key`, merged; undefined where nobody wrote it. */
  get(key: string): MergedOptions | undefined {
    let merged: MergedOptions | undefined
    this.#levels.forEach((level, index) => {
      if (level === undefined || !Object.hasOwn(level.value, key)) return
      merged = {
        value: mergeValues(merged?.value, level.value[key]),
        node: level.node.at(key) ?? level.node,
        level: index as MergedOptions['level'],
      }
    })
    return merged
  }

  /** Like {@link get} for one member of a map: its level is that of the innermost place that wrote this member. */
  member(key: string, name: string): MergedOptions | undefined {
    let merged: MergedOptions | undefined
    this.#levels.forEach((level, index) => {
      const map = level?.value[key]
      if (map === false) merged = undefined
      const value = member(map, name)
      if (level === undefined || value === undefined) return
      merged = {
        value: mergeValues(merged?.value, value),
        node: level.node.at(key)?.at(name) ?? level.node,
        level: index as MergedOptions['level'],
      }
    })
    return merged
  }
}

/** Objects merge by key; everything else replaces. `false` and `true` give way to an object written further in. */
export function mergeValues(outer: unknown, inner: unknown): unknown {
  if (!isObject(outer) || !isObject(inner)) return inner
  const merged = new Map(Object.entries(outer))
  for (const [key, value] of Object.entries(inner)) merged.set(key, mergeValues(merged.get(key), value))
  return Object.fromEntries(merged)
}

function levelOptions(root: SpecNode, owner: SpecNode): LevelOptions | undefined {
  const node = owner.at('x-proxy')
  if (node === undefined || !isObject(node.value)) return undefined
  const own = expand(root, node.value) as { readonly [key: string]: unknown }
  const used = Array.isArray(own['use']) ? own['use'] : []
  const groups = used.map((name) => root.path('components', 'x-proxy', 'policies', String(name))?.value)
  const value = [...groups.map((group) => expand(root, group)), own].reduce<unknown>(mergeValues, {})
  return { node, value: value as LevelOptions['value'] }
}

/** Replaces `{$ref: '#/components/x-proxy/<group>/<name>', …siblings}` by what it names, siblings overriding. */
function expand(root: SpecNode, value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((item) => expand(root, item, depth + 1))
  if (!isObject(value) || depth > 32) return value
  const { $ref, ...own } = value
  const members = Object.fromEntries(Object.entries(own).map(([key, item]) => [key, expand(root, item, depth + 1)]))
  const [, group, name] = /^#\/components\/x-proxy\/([^/]+)\/([^/]+)$/.exec(typeof $ref === 'string' ? $ref : '') ?? []
  if (group === undefined || name === undefined) return $ref === undefined ? members : { $ref, ...members }
  const target = root.path('components', 'x-proxy', group, name)?.value
  return mergeValues(expand(root, target, depth + 1) ?? {}, members)
}

import { compile, type JSONPathNode, type JSONPathQuery } from 'json-p3'
import { isObject, member } from '../../model/json.ts'
import { childPlace, type Place } from '../../model/place.ts'
import type { Places } from '../../model/spec-node.ts'
import type { Reporter } from '../../report/reporter.ts'
import type { Files } from '../link/files.ts'
import { graft } from './graft.ts'
import { merge, removeItem, setAt } from './merge.ts'
import { type Action, readOverlay } from './read-overlay.ts'

/** The document with its overlays applied, in order. The value given is not changed. */
export function applyOverlays(
  document: unknown,
  place: Place,
  overlays: readonly string[],
  files: Files,
  places: Places,
  reporter: Reporter,
): unknown {
  if (overlays.length === 0) return document
  const holder = { document: graft(document, place, places, true) }
  for (const overlay of overlays) {
    const loaded = files.load(overlay)
    if ('reported' in loaded) continue
    if ('reason' in loaded) {
      const name = files.name(files.path(overlay))
      reporter.report('file-unreadable', { file: name, pointer: '' }, { file: name, reason: loaded.reason })
      continue
    }
    for (const action of readOverlay(loaded.value, loaded.name, reporter)) {
      new Application(holder, place, places, reporter).apply(action)
    }
  }
  return holder.document
}

/** One action on the document as the actions before it left it. */
class Application {
  readonly #holder: { document: unknown }
  readonly #place: Place
  readonly #places: Places
  readonly #reporter: Reporter

  constructor(holder: { document: unknown }, place: Place, places: Places, reporter: Reporter) {
    this.#holder = holder
    this.#place = place
    this.#places = places
    this.#reporter = reporter
  }

  apply(action: Action): void {
    const where = childPlace(action.place, 'target')
    const nodes = this.#select(action.target, where)
    if (nodes === undefined) return
    if (nodes.length === 0) this.#reporter.report('overlay-no-match', where, { target: action.target })
    else if (action.remove) this.#remove(nodes, where)
    else if (action.copy !== undefined) this.#copy(action, nodes)
    else for (const node of nodes) this.#update(node, action, action.update, childPlace(action.place, 'update'))
  }

  #select(target: string, where: Place): JSONPathNode[] | undefined {
    let query: JSONPathQuery
    try {
      query = compile(target)
    } catch (error) {
      // The library appends the offending text and its offset in parentheses.
      const reason = (error as Error).message.replace(/ \('.*':\d+\)$/s, '')
      this.#reporter.report('overlay-path', where, { reason })
      return undefined
    }
    const nodes = query.query(this.#holder.document as never).nodes
    const seen = new Set<string>()
    return nodes.filter(({ path }) => !seen.has(path) && seen.add(path))
  }

  #remove(nodes: readonly JSONPathNode[], where: Place): void {
    // From the last: removing an item moves those behind it, and a descendant stands behind its ancestor.
    for (const node of nodes.toReversed()) {
      const { owner, key, place } = this.#find(node.location)
      if (owner === undefined) {
        this.#reporter.report('overlay-invalid', where, { reason: 'the whole document cannot be removed' })
      } else if (Array.isArray(owner)) removeItem(owner, Number(key), place, this.#places)
      else delete (owner as Record<string, unknown>)[key]
    }
  }

  #copy(action: Action, nodes: readonly JSONPathNode[]): void {
    const where = childPlace(action.place, 'copy')
    const sources = this.#select(action.copy!, where)
    if (sources === undefined) return
    const [source] = sources
    if (source === undefined || sources.length > 1) {
      this.#reporter.report('overlay-copy', where, { source: action.copy!, count: sources.length })
      return
    }
    const { owner, key, place } = this.#find(source.location)
    const from = owner === undefined ? place : this.#places.below(owner, place, key)
    // A copy of its own: a target may stand within the source.
    const value = graft(source.value, from, this.#places)
    for (const node of nodes) this.#update(node, action, value, from)
  }

  #update(node: JSONPathNode, action: Action, value: unknown, place: Place): void {
    const { owner, key } = this.#find(node.location)
    const current = owner === undefined ? this.#holder.document : member(owner, key)
    if (typeof current !== 'object' || current === null) {
      if (owner !== undefined) setAt(owner, key, value, place, this.#places)
      return
    }
    for (const mismatch of merge(current, value, place, this.#places)) {
      const found = Array.isArray(current) ? 'a list' : 'an object'
      this.#reporter.report('overlay-mismatch', mismatch, { target: action.target, found })
    }
  }

  /** What holds the node, and where that was written. */
  #find(location: readonly (string | number)[]): { owner: object | undefined; key: string | number; place: Place } {
    let owner: unknown
    let value: unknown = this.#holder.document
    let place = this.#place
    for (const [index, key] of location.entries()) {
      if (index > 0) place = this.#places.below(owner, place, location[index - 1]!)
      owner = value
      value = member(owner, key)
    }
    return { owner: isObject(owner) || Array.isArray(owner) ? owner : undefined, key: location.at(-1) ?? '', place }
  }
}

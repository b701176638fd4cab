import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import { type Place, pointerTokens } from '../model/place.ts'
import { scanJson, type Wanted } from './json-scan.ts'
import { Lines, type Position } from './position.ts'
import type { Sources } from './sources.ts'
import { parseYamlDocument } from './yaml-document.ts'

/**
 * Line and column of places. Texts are parsed for it only here, when diagnostics are shown, and each text once; what has
 * been located before is remembered.
 *
 * @returns one position per place, in order; undefined where the file's text is not known
 */
export function locate(places: readonly Place[], sources: Sources): (Position | undefined)[] {
  const positions = sources.located
  for (const [file, wanted] of Map.groupBy(places, (place) => place.file)) {
    const text = sources.text(file)
    if (text === undefined) continue
    const unknown: Place[] = []
    for (const place of wanted) {
      if (positions.has(place)) continue
      if (place.line === undefined) unknown.push(place)
      else positions.set(place, { line: place.line, column: place.column ?? 1 })
    }
    if (unknown.length === 0) continue
    const spans = jsonSpans(text, unknown) ?? yamlSpans(text, unknown)
    const lines = new Lines(text)
    for (const [index, place] of unknown.entries()) {
      const span = spans[index]
      positions.set(place, span === undefined ? { line: 1, column: 1 } : lines.position(span[0], span[1]))
    }
  }
  return places.map((place) => positions.get(place))
}

type Offsets = readonly [start: number, end: number]

function jsonSpans(text: string, places: readonly Place[]): (Offsets | undefined)[] | undefined {
  if (!/^[\uFEFF\s]*[{[]/.test(text.slice(0, 200))) return undefined
  const wanted: Wanted = { children: new Map() }
  for (const place of places) {
    let at = wanted
    for (const token of pointerTokens(place.pointer)) {
      let child = at.children.get(token)
      if (child === undefined) at.children.set(token, (child = { children: new Map() }))
      at = child
    }
  }
  try {
    scanJson(text, wanted)
  } catch {
    return undefined
  }
  return places.map((place) => {
    let at = wanted
    for (const token of pointerTokens(place.pointer)) {
      const child = at.children.get(token)
      // What is absent is shown at its nearest parent: the key, since the value may be long.
      if (child?.span === undefined) return keySpan(at)
      at = child
    }
    return place.at === 'key' ? keySpan(at) : at.span && [at.span.start, at.span.end]
  })
}

function keySpan(wanted: Wanted): Offsets | undefined {
  const { span } = wanted
  return span && (span.keyStart === undefined ? [span.start, span.start + 1] : [span.keyStart, span.keyEnd!])
}

function yamlSpans(text: string, places: readonly Place[]): (Offsets | undefined)[] {
  let root: Node | null
  try {
    root = parseYamlDocument(text).document.contents
  } catch {
    return []
  }
  const anchors = new Map<string, Node>()
  let collected = false
  /** An alias stands for the last anchor of its name before it. */
  const follow = (node: unknown): Node | undefined => {
    if (!isAlias(node)) return (node as Node | null) ?? undefined
    if (!collected) collectAnchors(root, anchors)
    collected = true
    return anchors.get(node.source)
  }
  return places.map((place) => {
    let node: Node | undefined = root ?? undefined
    let key: Node | undefined
    for (const token of pointerTokens(place.pointer)) {
      const parent = follow(node)
      const found = isMap(parent) ? pairOf(parent, token, follow) : undefined
      if (found !== undefined) {
        key = (found.key as Node | null) ?? undefined
        node = (found.value as Node | null) ?? key
      } else if (isSeq(parent) && parent.items[Number(token)] !== undefined) {
        key = undefined
        node = parent.items[Number(token)] as Node
      } else return offsets(key ?? node, key === undefined)
    }
    return offsets(place.at === 'key' || startsBelow(text, key, node) ? (key ?? node) : node, false)
  })
}

/** A block collection starts with its first entry, lines below the key by which people know it. */
function startsBelow(text: string, key: Node | undefined, node: Node | undefined): boolean {
  if (!key?.range || !node?.range || !(isMap(node) || isSeq(node))) return false
  return text.slice(key.range[1], node.range[0]).includes('\n')
}

function offsets(node: Node | undefined, startOnly: boolean): Offsets | undefined {
  const range = node?.range
  if (range === undefined || range === null) return undefined
  return [range[0], startOnly ? range[0] + 1 : range[1]]
}

/** The pair with this key, or one that a merge key (`<<`) brings in. */
function pairOf(map: YAMLMap, token: string, follow: (node: unknown) => Node | undefined, depth = 0): Pair | undefined {
  let merged: Pair | undefined
  for (let index = map.items.length - 1; index >= 0; index--) {
    const pair = map.items[index]!
    const name = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : undefined
    if (name === token) return pair
    if (name !== '<<' || depth > 20) continue
    const value = follow(pair.value)
    const sources = isSeq(value) ? value.items.map(follow) : [value]
    for (const source of sources) if (isMap(source)) merged ??= pairOf(source, token, follow, depth + 1)
  }
  return merged
}

function collectAnchors(node: unknown, anchors: Map<string, Node>): void {
  if (isAlias(node) || node === null || typeof node !== 'object') return
  const anchor = (node as { anchor?: string }).anchor
  if (anchor !== undefined) anchors.set(anchor, node as Node)
  if (isMap(node)) {
    for (const pair of node.items) {
      collectAnchors(pair.key, anchors)
      collectAnchors(pair.value, anchors)
    }
  } else if (isSeq(node)) for (const item of node.items) collectAnchors(item, anchors)
}

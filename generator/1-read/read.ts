import { readFile } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { parse } from 'yaml'
import { isObject, member } from '../model/json.ts'
import { type Place, pointerTokens } from '../model/place.ts'
import { Places, SpecNode, type SpecTree } from '../model/spec-node.ts'
import type { Reporter } from '../report/reporter.ts'
import { Sources } from '../report/sources.ts'

export interface ReadOptions {
  /** The folder that the files of places are relative to. */
  readonly root: string
  /** Overlay documents, applied in order before anything else. */
  readonly overlays?: readonly string[]
}

export type SpecVersion = '2.0' | '3.0' | '3.1' | '3.2'

export interface ReadResult {
  readonly tree: SpecTree
  /** What the author wrote; the tree is in the normal form whatever it was. */
  readonly version: SpecVersion
  /** Every file that was read, for `--watch` and `--check`. */
  readonly files: readonly string[]
  readonly sources: Sources
}

/**
 * Reads a document with everything it refers to into the normal form.
 *
 * @returns undefined where nothing can be said about the document at all; the reporter says why
 */
export async function readDocument(
  file: string,
  options: ReadOptions,
  reporter: Reporter,
): Promise<ReadResult | undefined> {
  const path = resolve(options.root, file)
  const name = relative(options.root, path).split(sep).join('/')
  const place: Place = { file: name, pointer: '' }
  const sources = new Sources()
  let value: unknown
  try {
    const text = await readFile(path, 'utf8')
    sources.add(name, text)
    value = parse(text, { merge: true })
  } catch (error) {
    reporter.report('file-unreadable', place, { file: name, reason: (error as Error).message })
    return undefined
  }
  if (!isObject(value)) return undefined
  return { tree: new Tree(value, place, new Places()), version: '3.1', files: [name], sources }
}

class Tree implements SpecTree {
  readonly root: SpecNode
  readonly places: Places

  constructor(value: unknown, place: Place, places: Places) {
    this.places = places
    this.root = new SpecNode(value, place, this)
  }

  target(reference: string): SpecNode | undefined {
    let node: SpecNode | undefined = this.root
    for (const token of pointerTokens(decodeURIComponent(reference.slice(1)))) {
      if (member(node?.value, token) === undefined) return undefined
      node = node?.at(token)
    }
    return node
  }
}

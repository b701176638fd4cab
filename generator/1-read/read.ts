import { Places, type SpecTree } from '../model/spec-node.ts'
import type { Reporter } from '../report/reporter.ts'
import { Sources } from '../report/sources.ts'
import { Files } from './link/files.ts'
import { normalise } from './normalise/document.ts'
import { applyOverlays } from './overlay/apply-overlays.ts'
import { Tree } from './tree.ts'
import { readVersion, type SpecVersion } from './version.ts'

export interface ReadOptions {
  /** The folder that the files of places are relative to: where the command runs. */
  readonly root: string
  /** Overlay documents, relative to `root` or absolute; applied in order, before anything else. */
  readonly overlays?: readonly string[]
  /** Filled with the texts that are read, also where nothing comes of them; for code frames. */
  readonly sources?: Sources
}

export interface ReadResult {
  /**
   * The normal form: OpenAPI 3.1 (with what 3.2 has beside it), every `$ref` of the form `#/components/<section>/<name>`. A reference
   * that leads nowhere (reported) stays as it was written.
   */
  readonly tree: SpecTree
  /** What the author wrote. */
  readonly version: SpecVersion
  /** Every file that was read, as places name them; for `--watch` and `--check`. */
  readonly files: readonly string[]
  readonly sources: Sources
}

/**
 * Reads a document, its overlays and every file it refers to into one tree. Never throws for what is in a file.
 *
 * @param file relative to `options.root`, or absolute
 * @returns undefined where nothing can be said about the document at all; the reporter says why
 */
export async function readDocument(
  file: string,
  options: ReadOptions,
  reporter: Reporter,
): Promise<ReadResult | undefined> {
  const sources = options.sources ?? new Sources()
  const files = new Files(options.root, sources, reporter)
  const loaded = files.load(file)
  if (!('value' in loaded)) {
    if ('reason' in loaded) {
      const place = { file: files.name(files.path(file)), pointer: '' }
      reporter.report('file-unreadable', place, { file: place.file, reason: loaded.reason })
    }
    return undefined
  }
  const places = new Places()
  const value = applyOverlays(
    loaded.value,
    { file: loaded.name, pointer: '' },
    options.overlays ?? [],
    files,
    places,
    reporter,
  )
  const place = { file: loaded.name, pointer: '' }
  const version = readVersion(value, place, reporter)
  if (version === undefined) return undefined
  const tree = new Tree(normalise({ ...loaded, value }, version, files, places, reporter), place, places)
  return { tree, version, files: sources.files, sources }
}

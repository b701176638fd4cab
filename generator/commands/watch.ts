import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { type CompileResult, compile } from '../index.ts'
import { printResult } from './print-result.ts'

/** Editors write a file in several steps; one compilation answers them all. */
const settleMs = 50

/**
 * Compiles a document again whenever one of the files it was made of changes. Folders are watched, not files: an
 * editor that saves by renaming would end the watch of a file.
 */
export async function watchDocuments(
  documents: readonly string[],
  results: readonly CompileResult[],
  options: { readonly root: string; readonly out: string },
): Promise<never> {
  for (const [index, document] of documents.entries()) watchDocument(document, results[index]!, options)
  console.log('Watching for changes; Ctrl+C ends it.')
  return new Promise(() => {})
}

/** @param after runs after each compilation that a change brought about */
export function watchDocument(
  document: string,
  first: CompileResult,
  options: { readonly root: string; readonly out: string },
  after?: (result: CompileResult) => void,
): void {
  let watchers: FSWatcher[] = []
  let timer: NodeJS.Timeout | undefined

  const follow = (result: CompileResult): void => {
    for (const watcher of watchers) watcher.close()
    const stem = basename(document).replace(/\.[^.]+$/, '')
    const files = new Set(result.files.map((file) => resolve(options.root, file)))
    const folders = new Set([...files].map((file) => dirname(file)))
    watchers = [...folders].map((folder) =>
      watch(folder, (_event, name) => {
        // An overlay or hooks file may appear later: it is known by the document's name.
        const changed = name === null ? undefined : resolve(folder, name)
        if (changed === undefined || files.has(changed) || basename(changed).startsWith(`${stem}.`)) schedule()
      }),
    )
  }
  const recompile = async (): Promise<void> => {
    const started = performance.now()
    const result = await compile({ document, root: options.root, out: options.out })
    printResult(document, result, {})
    console.log(`${Math.round(performance.now() - started)} ms`)
    follow(result)
    after?.(result)
  }
  // One at a time: two compilations of one document would write over each other.
  let work = Promise.resolve()
  const schedule = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      work = work.then(recompile).catch((error: unknown) => console.error(error))
    }, settleMs)
  }
  follow(first)
}

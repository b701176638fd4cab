import { existsSync, type FSWatcher, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { type CompileOptions, type CompileResult, compile, keptBundler } from '../index.ts'
import { printResult } from './print-result.ts'

/** Editors write a file in several steps; one compilation answers them all. */
const settleMs = 30

/** Compiles documents, and each again whenever one of the files it was made of changes. */
export async function watchDocuments(documents: readonly string[], places: Places): Promise<never> {
  const options = { ...places, bundler: keptBundler() }
  for (const document of documents) {
    const result = await compile({ document, ...options })
    printResult(document, result, {})
    watchDocument(document, result, options)
  }
  console.log('Watching for changes; Ctrl+C ends it.')
  return new Promise(() => {})
}

interface Places {
  readonly root: string
  readonly out: string
  readonly lenient?: boolean
  readonly strict?: boolean
}

/**
 * Folders are watched, not files: an editor that saves by renaming would end the watch of a file.
 * @param after runs after each compilation that a change brought about
 */
export function watchDocument(
  document: string,
  first: CompileResult,
  options: Places & { readonly bundler: NonNullable<CompileOptions['bundler']> },
  after?: (result: CompileResult) => void,
): void {
  let watchers: FSWatcher[] = []
  let timer: NodeJS.Timeout | undefined

  const follow = (result: CompileResult): void => {
    for (const watcher of watchers) watcher.close()
    const stem = basename(document).replace(/\.[^.]+$/, '')
    // What a reference names may appear later, and the folder it is in before it.
    const files = new Set([...result.files.map((file) => resolve(options.root, file)), ...result.absent])
    const folders = new Set([...files].map((file) => nearestFolder(dirname(file))))
    const ways = new Set(result.absent.map((file) => dirname(file)))
    watchers = [...folders].map((folder) =>
      watch(folder, (_event, name) => {
        // An overlay or hooks file may appear later: it is known by the document's name.
        const changed = name === null ? undefined : resolve(folder, name)
        const leads = changed !== undefined && [...ways].some((way) => `${way}/`.startsWith(`${changed}/`))
        if (changed === undefined || files.has(changed) || leads || basename(changed).startsWith(`${stem}.`)) schedule()
      }),
    )
    // It may have appeared since it was looked for.
    if (result.absent.some((file) => existsSync(file))) schedule()
  }
  const recompile = async (): Promise<void> => {
    const started = performance.now()
    const result = await compile({ document, ...options })
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

function nearestFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder))
}

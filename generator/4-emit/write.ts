import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Folders that hold nothing but emitted files, so that what is no longer emitted can be removed. */
const ownFolders = ['operations', 'schemas']

/** How many files are read or written at a time. */
const atOnce = 16

export type Files = ReadonlyMap<string, string>

/** Paths under `folder` that differ from `files`: missing or changed, in the order of `files`. */
export async function staleFiles(folder: string, files: Files): Promise<string[]> {
  const same = new Set<string>()
  await forEach([...files], async ([path, text]) => {
    if ((await readFile(join(folder, path), 'utf8').catch(() => undefined)) === text) same.add(path)
  })
  return [...files.keys()].filter((path) => !same.has(path))
}

/** Writes what changed. @returns the paths written */
export async function writeFiles(folder: string, files: Files): Promise<string[]> {
  const stale = await staleFiles(folder, files)
  for (const path of new Set(stale.map(dirname))) await mkdir(join(folder, path), { recursive: true })
  await forEach(stale, (path) => replaceFile(join(folder, path), files.get(path)!))
  return stale
}

/**
 * Whole or not at all: the bundler reads the service's package.json while the last files are written, and found half of
 * one there.
 */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.new`
  await writeFile(draft, text)
  await rename(draft, path)
}

/** Paths under `folder` that are there though they are no longer emitted. */
export async function leftovers(folder: string, emitted: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = []
  for (const own of ownFolders) {
    const names = await readdir(join(folder, own)).catch(() => [])
    found.push(...names.map((name) => `${own}/${name}`).filter((path) => !emitted.has(path)))
  }
  return found
}

export async function removeFiles(folder: string, paths: readonly string[]): Promise<void> {
  await forEach(paths, (path) => rm(join(folder, path), { recursive: true }))
}

async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values()
  const workers = Array.from({ length: atOnce }, async () => {
    // All workers take from the same iterator.
    for (const item of left) await work(item)
  })
  await Promise.all(workers)
}

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Folders that hold nothing but emitted files, so that what is no longer emitted can be removed. */
const ownFolders = ['operations', 'schemas']

/** Paths under `folder` that differ from `files`: missing, changed, or there though no longer emitted. */
export async function staleFiles(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const changed: string[] = []
  for (const [path, text] of files) {
    if ((await readFile(join(folder, path), 'utf8').catch(() => undefined)) !== text) changed.push(path)
  }
  return [...changed, ...(await leftovers(folder, files))]
}

/** Writes what changed and removes what is no longer emitted. @returns the paths touched */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const stale = await staleFiles(folder, files)
  for (const path of stale) {
    const text = files.get(path)
    const target = join(folder, path)
    if (text === undefined) {
      await rm(target)
    } else {
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, text)
    }
  }
  return stale
}

async function leftovers(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const found: string[] = []
  for (const own of ownFolders) {
    const names = await readdir(join(folder, own)).catch(() => [])
    found.push(...names.map((name) => `${own}/${name}`).filter((path) => !files.has(path)))
  }
  return found
}

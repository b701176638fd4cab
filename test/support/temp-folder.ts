import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from './repository.ts'

export interface TempFolder {
  readonly path: string
  remove(): void
}

/**
 * An empty folder.
 * @param where `inside` the repository's ignored `.cache`, so that its packages resolve; or `elsewhere` on the machine
 */
export function tempFolder(name: string, where: 'inside' | 'elsewhere' = 'inside'): TempFolder {
  const parent = where === 'inside' ? join(repository, '.cache', 'test') : tmpdir()
  mkdirSync(parent, { recursive: true })
  const path = mkdtempSync(join(parent, `${name}-`))
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) }
}

import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * Where the tool may keep what it can do without: `.cache/specgate` in the `node_modules` it is installed in, or that of
 * the repository it stands in. Undefined where there is none. Never a folder that others may write to: what is kept here
 * is run.
 */
export function cacheFolder(): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const modules = basename(folder) === 'node_modules' ? folder : join(folder, 'node_modules')
    if (existsSync(modules)) return join(modules, '.cache', 'specgate')
  }
  return undefined
}

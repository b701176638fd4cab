#!/usr/bin/env node
import { realpathSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from './cache-folder.ts'

/** Exit codes: 0 done, 1 a document has errors or the output is stale, 2 wrong usage. */
export async function main(args: readonly string[]): Promise<number> {
  // Half of a small run is Node reading the TypeScript compiler and our own files: kept, it is done once.
  const kept = cacheFolder()
  if (kept !== undefined) enableCompileCache(join(kept, 'code'))
  const { runCommand } = await import('./commands/run-command.ts')
  return runCommand(args)
}

/** True where this file is what was started, also through the link that npm puts into `.bin`. */
function isMain(): boolean {
  const started = process.argv[1]
  return started !== undefined && realpathSync(started) === realpathSync(fileURLToPath(import.meta.url))
}

if (isMain()) process.exitCode = await main(process.argv.slice(2))

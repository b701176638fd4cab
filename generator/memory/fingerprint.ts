import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/**
 * What the compiler is made of, as one hash: Node, the generator's and the runtime's own files (by size and time), and what
 * is installed beside them. Undefined where the last cannot be told.
 */
export function compilerFingerprint(cacheFolder: string): string | undefined {
  const modules = dirname(dirname(cacheFolder))
  // npm and pnpm write down what they have installed.
  const installed = ['.package-lock.json', '.modules.yaml'].flatMap((name) => textOf(join(modules, name)) ?? [])
  if (installed.length === 0) return undefined
  const here = dirname(import.meta.dirname)
  const runtime = dirname(dirname(fileURLToPath(import.meta.resolve('@specgate/runtime/core/operation'))))
  return sha256([process.version, ...installed, ...filesBelow(here), ...filesBelow(runtime)].join('\n'))
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function filesBelow(folder: string): string[] {
  const found: string[] = []
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'dist') found.push(...filesBelow(path))
    } else if (!entry.name.includes('.test')) found.push(stampOf(path) ?? '')
  }
  return found
}

/** Changes whenever the file does: the change time is the file system's own. */
export function stampOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? undefined : `${path} ${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`
}

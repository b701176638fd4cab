import { readFile } from 'node:fs/promises'
import type { Resource } from '../core/resource.ts'
import { servicePath } from '../core/service-folder.ts'
import { type KeyChoice, KeySet, type KeySource } from './key-set.ts'
import type { PublicKey, SignatureAlgorithm } from './public-key.ts'

export type StaticKeysOptions =
  /** A JWK Set as JSON text. */
  | { readonly text: string }
  /** A file that holds one; absolute, or relative to the service's folder. */
  | { readonly path: string }

/** Keys that are known before the service starts. One that must not be used stops it: somebody believes in it. */
export function staticKeys(options: StaticKeysOptions): Resource & KeySource {
  let set: KeySet | undefined
  return {
    name: 'path' in options ? `key set ${options.path}` : 'key set',
    async start() {
      const text = 'path' in options ? await readKeys(servicePath(options.path)) : options.text
      set = KeySet.read(parse(text))
      if (set.faults.length > 0) throw new Error(set.faults.join('; '))
    },
    find(kid: string | undefined, algorithm: SignatureAlgorithm): KeyChoice {
      return set?.choose(kid, algorithm) ?? 'unknown'
    },
    holds: (key: PublicKey) => set?.keys.has(key) === true,
  }
}

async function readKeys(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Error(`${code === 'ENOENT' ? 'there is no such file' : (code ?? message)} (${path})`)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is no JSON')
  }
}

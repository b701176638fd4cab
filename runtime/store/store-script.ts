import { hash } from 'node:crypto'

/** A Lua script that runs in the store, and what the store knows it by. */
export interface StoreScript {
  readonly source: string
  readonly sha: string
}

export function storeScript(source: string): StoreScript {
  return { source, sha: hash('sha1', source) }
}

import { readdirSync } from 'node:fs'
import { basename, dirname, relative, resolve } from 'node:path'
import { isObject, member } from '../../model/json.ts'
import { nearest } from '../../report/nearest.ts'
import type { SourceFile } from './spot.ts'
import { decodeFragment } from './uri.ts'

/** `$ref: Pet` was meant to be `#/definitions/Pet`. */
export function suggestName(name: string, document: unknown): { nearest?: string } {
  for (const path of [['components', 'schemas'], ['definitions']]) {
    let holder = document
    for (const key of path) holder = member(holder, key)
    if (isObject(holder) && Object.hasOwn(holder, name)) return { nearest: `#/${path.join('/')}/${name}` }
  }
  return {}
}

/**
 * The reference that a file's misspelt name was meant to be: a schema of the document, or a file beside it.
 *
 * @param address what of the reference names the file
 */
export function suggestFile(ref: string, address: string, from: SourceFile): { nearest?: string } {
  const isBareName = /^[\w.-]+$/.test(address) && !/\.(ya?ml|json)$/i.test(address)
  if (isBareName) return suggestName(address, from.value)
  const folder = dirname(from.path)
  try {
    const target = resolve(folder, decodeFragment(address))
    const name = nearest(basename(target), readdirSync(dirname(target)))
    if (name === undefined) return {}
    const path = relative(folder, resolve(dirname(target), name)).replaceAll('\\', '/')
    const hash = ref.indexOf('#')
    return { nearest: `${path.startsWith('.') ? '' : './'}${path}${hash === -1 ? '' : ref.slice(hash)}` }
  } catch {
    return {}
  }
}

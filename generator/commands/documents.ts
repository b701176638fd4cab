import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const documentFile = /\.(ya?ml|json)$/i
const companionFile = /\.(overlay|consumers)\.(ya?ml|json)$/i

/**
 * Every document of `specs/`, sorted: files that say `openapi` or `swagger` at the top level. Overlays, consumers and
 * parts that documents refer to live in the same folder and are no documents.
 */
export async function findDocuments(root: string): Promise<string[]> {
  const names = (await readdir(join(root, 'specs')).catch(() => [])).sort()
  const found: string[] = []
  for (const name of names) {
    if (!documentFile.test(name) || companionFile.test(name)) continue
    if (looksLikeDocument(await readFile(join(root, 'specs', name), 'utf8'))) found.push(`specs/${name}`)
  }
  return found
}

/** Decided on the text: a document with a syntax error must be compiled too, to be told about it. */
function looksLikeDocument(text: string): boolean {
  return /^(?:\ufeff)?[{\s]*["']?(openapi|swagger)["']?\s*:/m.test(text)
}

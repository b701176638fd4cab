import { randomBytes } from 'node:crypto'
import { chmod, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Changes whenever the file does; 'missing' where there is none. */
export async function signatureOf(path: string): Promise<string> {
  const info = await stat(path, { bigint: true }).catch(() => undefined)
  return info === undefined ? 'missing' : `${info.ino} ${info.size} ${info.mtimeNs}`
}

/**
 * Replaces a file in one step: a reader sees the old or the new one, never a part. A new file is for its owner only
 * (0600); one that is there keeps its mode, since a service of another user may have to read it.
 * @param expected the signature the old file was read under; false where somebody else has changed it since
 */
export async function replaceFile(path: string, text: string, expected: string): Promise<boolean> {
  const mode = (await stat(path).catch(() => undefined))?.mode ?? 0o600
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await chmod(draft, mode & 0o777)
    if ((await signatureOf(path)) !== expected) return false
    await rename(draft, path)
    return true
  } finally {
    await rm(draft, { force: true })
  }
}

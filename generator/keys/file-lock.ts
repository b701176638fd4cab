import { mkdir, open, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds after which a lock belongs to a process that has died: nobody needs so long to write a file. */
const staleAfter = 10_000

/** Runs `work` while no other process works on the same file under this lock. */
export async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = join(dirname(path), `.${basename(path)}.lock`)
  await mkdir(dirname(path), { recursive: true })
  for (let wait = 10; ; wait = Math.min(wait * 2, 200)) {
    try {
      await (await open(lock, 'wx', 0o600)).close()
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const age = Date.now() - ((await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now())
      if (age > staleAfter) await rm(lock, { force: true })
      else await sleep(wait)
    }
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

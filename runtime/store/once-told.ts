import type { Notice } from '../core/notice.ts'

/** Milliseconds in which the same word is not said again. */
const quiet = 60_000

/**
 * Tells each kind of trouble once until the store is back, and that it is back only after trouble was told. A store that
 * comes and goes is told of once a minute.
 */
export function onceTold(
  notice: (notice: Notice) => void,
  sentence: (message: string) => string,
  now: () => number = Date.now,
): (kind: string, level: Notice['level'], message: string) => void {
  const told = new Map<string, number>()
  let isTrouble = false
  return (kind, level, message) => {
    if (kind === 'back') {
      if (isTrouble) notice({ level, message: sentence(message) })
      isTrouble = false
      return
    }
    if (now() - (told.get(kind) ?? -Infinity) < quiet) return
    told.set(kind, now())
    isTrouble = true
    notice({ level, message: sentence(message) })
  }
}

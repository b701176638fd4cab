/** What the operator of a service is told of a store. */
export interface StoreNotice {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
}

const levels = { info: 30, warn: 40, error: 50 } as const

/** A line of the service's log, as the rest of it is written. */
export function printNotice({ level, message }: StoreNotice): void {
  process.stdout.write(`${JSON.stringify({ level: levels[level], time: Date.now(), msg: message })}\n`)
}

/** Milliseconds in which the same word is not said again. */
const quiet = 60_000

/**
 * Tells each kind of trouble once until the store is back, and that it is back only after trouble was told. A store that
 * comes and goes is told of once a minute.
 */
export function once(
  notice: (notice: StoreNotice) => void,
  sentence: (message: string) => string,
  now: () => number = Date.now,
): (kind: string, level: StoreNotice['level'], message: string) => void {
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

/** Something a person who runs the service should read, from a part that lives beside requests. */
export interface Notice {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
}

const levels = { info: 30, warn: 40, error: 50 } as const

/** A line as the service's log has them, for what is said before there is one. */
let write = ({ level, message }: Notice): void => {
  process.stdout.write(`${JSON.stringify({ level: levels[level], time: Date.now(), msg: message })}\n`)
}

/** Puts a notice into the log of the process's service. */
export function printNotice(notice: Notice): void {
  write(notice)
}

/**
 * From now on notices are the service's. The one thing here that is the process's and not somebody's: parts that speak are
 * made before the service that they belong to is started.
 */
export function noticesTo(
  log: { readonly [level in Notice['level']]: (fields: object, message: string) => void },
): void {
  write = ({ level, message }) => log[level]({}, message)
}

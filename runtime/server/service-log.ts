import pino from 'pino'

/** What is worth a line: `silent` is none. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** The service's log on stdout, one JSON object per line. */
export interface ServiceLog {
  readonly level: LogLevel
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  /** Adds a finished line; written with others soon, in one call. */
  line(json: string): void
  /** Writes what is left; for the end of the process. */
  flush(): void
}

/** How long finished lines wait for company, in ms, and how much of them makes it urgent, in characters. */
const flushAfter = 100
const flushAt = 64 * 1024

export function serviceLog(name: string, level: LogLevel): ServiceLog {
  const destination = pino.destination({ fd: 1, sync: false, minLength: 0 })
  const logger = pino({ level, base: { service: name } }, destination)
  let pending = ''
  let timer: NodeJS.Timeout | undefined
  const write = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (pending !== '') destination.write(pending)
    pending = ''
  }
  return {
    level,
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    line(json) {
      pending += json
      if (pending.length > flushAt) write()
      else timer ??= setTimeout(write, flushAfter).unref()
    },
    flush() {
      write()
      try {
        destination.flushSync()
      } catch {
        // Nobody reads the log any more; that is no reason to fail.
      }
    },
  }
}

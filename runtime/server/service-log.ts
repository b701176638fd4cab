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

/** How long finished lines wait for company, in ms. */
const flushAfter = 100
/** Bytes of lines that are written together. */
const largestBatch = 64 * 1024
/** The same where several processes write to one pipe: what is longer could be torn apart (POSIX: PIPE_BUF). */
const largestSharedBatch = 4 * 1024
/** A reader that has stopped reading costs lines past this many bytes, not the memory. */
const mostKept = 32 * 1024 * 1024

/** @param isShared other processes write to the same output */
export function serviceLog(name: string, level: LogLevel, isShared = false): ServiceLog {
  const batch = isShared ? largestSharedBatch : largestBatch
  const maxWrite = isShared ? largestSharedBatch : undefined
  const options = { fd: 1, sync: false, minLength: 0, maxLength: mostKept, maxWrite, contentMode: 'buffer' } as const
  const destination = pino.destination(options) as unknown as { write(bytes: Buffer): void; flushSync(): void }
  // Each line becomes bytes while it is hot: joining text first and encoding it later took four times as long.
  let pending = Buffer.allocUnsafe(batch)
  let size = 0
  let timer: NodeJS.Timeout | undefined
  const write = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (size === 0) return
    destination.write(pending.subarray(0, size))
    pending = Buffer.allocUnsafe(batch)
    size = 0
  }
  const add = (line: string): void => {
    // A character takes three bytes at most (UTF-8 of UTF-16 units).
    const most = line.length * 3
    if (size + most > batch) write()
    if (most > batch) destination.write(Buffer.from(line))
    else size += pending.write(line, size)
  }
  const logger = pino(
    { level, base: { service: name } },
    {
      write(line: string) {
        add(line)
        write()
      },
    },
  )
  return {
    level,
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    line(json) {
      add(json)
      timer ??= setTimeout(write, flushAfter).unref()
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

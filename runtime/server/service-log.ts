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
  /** Writes what is left, as far as somebody reads it soon; for the end of the process. */
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
/** Nor does it hold up the end of the process: so long (ms) it may take nothing, and so long for all that is left. */
const longestStall = 2_000
const longestFlush = 10_000

interface Destination {
  write(bytes: Buffer): void
  flushSync(): void
  destroy(): void
}

/** Whether it is worth waiting for a reader whose pipe is full. */
class LastFlush {
  #until = Number.POSITIVE_INFINITY
  #left = Number.POSITIVE_INFINITY
  #takenAt = Number.POSITIVE_INFINITY

  begin(): void {
    this.#takenAt = performance.now()
    this.#until = this.#takenAt + longestFlush
  }

  /** @param left bytes that have not been taken yet */
  mayGoOn(left: number): boolean {
    const now = performance.now()
    if (left < this.#left) this.#takenAt = Math.max(this.#takenAt, now)
    this.#left = left
    return now < this.#until && now < this.#takenAt + longestStall
  }
}

/** @param isShared other processes write to the same output */
export function serviceLog(name: string, level: LogLevel, isShared = false): ServiceLog {
  const batch = isShared ? largestSharedBatch : largestBatch
  const maxWrite = isShared ? largestSharedBatch : undefined
  const end = new LastFlush()
  const retryEAGAIN = (_: unknown, tried: number, rest: number): boolean => end.mayGoOn(tried + rest)
  const kept = { minLength: 0, maxLength: mostKept, maxWrite, contentMode: 'buffer' } as const
  const destination = pino.destination({ fd: 1, sync: false, ...kept, retryEAGAIN }) as unknown as Destination
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
      end.begin()
      try {
        destination.flushSync()
      } catch {
        // Nobody reads the log any more; that is no reason to fail. Otherwise it is tried again when the process exits.
        destination.destroy()
      }
    },
  }
}

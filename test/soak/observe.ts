import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { RunningService } from '../support/start-service.ts'

export interface Sample {
  /** Seconds since the first. */
  readonly at: number
  /** Bytes. */
  readonly heap: number
  readonly rss: number
  readonly inFlight: number
}

/** What the service's own page of numbers says of its memory and its requests. */
export async function sample(service: RunningService, since: number): Promise<Sample> {
  const text = await (await fetch(`${service.adminUrl}/metrics`)).text()
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  return {
    at: (performance.now() - since) / 1000,
    heap: value('nodejs_heap_size_used_bytes') + value('nodejs_external_memory_bytes'),
    rss: value('process_resident_memory_bytes'),
    inFlight: value('http_requests_in_flight'),
  }
}

/** Resident bytes, read without asking the process. */
export function residentBytes(pid: number): number {
  const status = `/proc/${pid}/status`
  return existsSync(status) ? Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1]) * 1024 : 0
}

/** Open sockets of a process; undefined where the system does not tell. */
export function openSockets(pid: number): number | undefined {
  const folder = `/proc/${pid}/fd`
  if (!existsSync(folder)) return undefined
  return readdirSync(folder).filter((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`).startsWith('socket:')
    } catch {
      return false
    }
  }).length
}

/**
 * The floor of memory in a part of the samples: right after a collection nothing is counted but what is held.
 * @param from @param to shares of the whole, 0 to 1
 */
export function floor(samples: readonly Sample[], from: number, to: number): number {
  const part = samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to))
  return Math.min(...part.map(({ heap }) => heap))
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

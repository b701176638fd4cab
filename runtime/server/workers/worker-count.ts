import { availableParallelism } from 'node:os'

const most = 256

/**
 * How many processes serve (`WORKERS`): a number, or `auto` for one per core that this process may use.
 * @returns what is wrong with it as a sentence
 */
export function workerCount(written: string | number = 1): number | string {
  const text = String(written).trim()
  if (text === 'auto') return Math.min(availableParallelism(), most)
  const count = Number(text)
  if (/^[1-9]\d{0,2}$/.test(text) && count <= most) return count
  return `WORKERS is neither "auto" nor a number of processes from 1 to ${most}: ${JSON.stringify(text)}`
}

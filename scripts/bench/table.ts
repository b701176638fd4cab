/** What one contestant did over all rounds of a scenario. */
export interface Score {
  readonly name: string
  /** µs of the process's time, user and system, per request: the median of the rounds. */
  readonly cpu: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly resident: number
  readonly faults: number
}

/** A Markdown table; the first score is what the others are compared with. */
export function scoreTable(scores: readonly Score[]): string {
  const reference = scores[0]!.cpu
  const rows = scores.map(
    ({ name, cpu, perSecond, p50, p99, resident, faults }) =>
      `| ${name}${faults > 0 ? ` (${faults} faults)` : ''} | ${cpu.toFixed(1)} | ${(cpu / reference).toFixed(2)} | ${Math.round(perSecond).toLocaleString('en')} | ${p50.toFixed(2)} | ${p99.toFixed(2)} | ${Math.round(resident)} |`,
  )
  return [
    '| | CPU µs per request | ratio | requests/s | p50 ms | p99 ms | RSS MiB |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

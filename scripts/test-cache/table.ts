import type { SuiteResult } from './suite.ts'

/** Prints passed, failed and optional per category. @returns whether every required test is passed */
export function printScores(results: readonly SuiteResult[]): boolean {
  const categories = [...Map.groupBy(results, ({ suite }) => suite)]
  const rows = [...categories.map(([name, tests]) => [name, ...scores(tests)]), ['All', ...scores(results)]]
  const head = ['category', 'required: passed', 'failed', 'no verdict', 'optional: passed', 'of', 'behaviours']
  const table = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  const line = (row: readonly string[]): string => row.map((cell, i) => pad(cell, widths[i]!, i)).join('  ')
  console.log([line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n'))
  const missed = results.filter(({ kind, result }) => kind === 'required' && result !== 'pass')
  for (const { suite, id, result, detail } of missed) console.log(`\nrequired, ${result}: ${suite}: ${id}\n  ${detail}`)
  const optional = results.filter(({ kind, result }) => kind === 'optimal' && result !== 'pass')
  if (optional.length > 0) console.log(`\noptional, not passed: ${optional.map(({ id }) => id).join(' ')}`)
  return missed.length === 0
}

function scores(tests: readonly SuiteResult[]): string[] {
  const count = (kind: SuiteResult['kind'], ...wanted: readonly SuiteResult['result'][]): string =>
    String(tests.filter((test) => test.kind === kind && (wanted.length === 0 || wanted.includes(test.result))).length)
  return [
    count('required', 'pass'),
    count('required', 'fail'),
    count('required', 'setup', 'harness', 'dependency'),
    count('optimal', 'pass'),
    count('optimal'),
    `${count('check', 'pass')} of ${count('check')}`,
  ]
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

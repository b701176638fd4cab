import { cpus } from 'node:os'
import type { Scenario } from './scenarios.ts'
import { type Score, scoreTable } from './table.ts'

/** What has been measured. */
export interface Played {
  readonly scenario: Scenario
  readonly scores: readonly Score[]
}

/** What follows this line is written by hand and kept. */
export const byHand = '<!-- What follows is written by hand. -->'

/** A ratio that is wanted, of two contestants of a scenario. */
interface Goal {
  readonly what: string
  readonly scenario: string
  /** Beginnings of names. */
  readonly of: string
  readonly to: string
  readonly figure?: 'p99'
  readonly atMost?: number
  readonly atLeast?: number
}

const [bare, plain, checked] = ['bare', 'specgate, no', 'specgate, key'] as const
const goals: readonly Goal[] = [
  ...['get', 'post'].flatMap((scenario): Goal[] => {
    const name = scenario.toUpperCase()
    return [
      { what: `${name}: no policies, to bare`, scenario, of: plain, to: bare, atMost: 0.9 },
      { what: `${name}: key, limit and validation, to bare`, scenario, of: checked, to: bare, atMost: 0.95 },
      { what: `${name}: everything, to bare`, scenario, of: 'specgate, the same + access', to: bare, atMost: 1.3 },
      { what: `${name}: fastify with equal checks, to specgate`, scenario, of: 'fastify', to: checked, atLeast: 1.6 },
      {
        what: `${name}: p99 with key, limit and validation, to bare`,
        scenario,
        of: checked,
        to: bare,
        figure: 'p99',
        atMost: 1,
      },
    ]
  }),
  {
    what: 'Different queries: key, limit and validation, to bare',
    scenario: 'get-varied',
    of: checked,
    to: bare,
    atMost: 0.95,
  },
  { what: 'Cache hit, to a bare answer', scenario: 'hit', of: 'specgate', to: bare, atMost: 1.05 },
  { what: 'GET of 64 KiB, to bare', scenario: 'download', of: plain, to: bare, atMost: 1 },
  { what: 'POST of 64 KiB, to bare', scenario: 'upload', of: plain, to: bare, atMost: 1 },
  { what: 'API key, to none', scenario: 'identity', of: 'specgate, API', to: 'specgate, any', atMost: 1.03 },
  { what: 'JWT seen before, to none', scenario: 'identity', of: 'specgate, JWT', to: 'specgate, any', atMost: 1.08 },
  { what: 'Limit in memory, to none', scenario: 'identity', of: 'specgate, limit', to: 'specgate, any', atMost: 1.03 },
  { what: '2,000 operations, to 5', scenario: 'operations', of: 'specgate, 2', to: 'specgate, 5', atMost: 1.03 },
]

/** The whole page but what is written by hand. */
export function page(how: string, busy: string, played: readonly Played[]): string {
  const [cpu] = cpus()
  const parts = played.map(
    ({ scenario: { id, title, about }, scores }) =>
      `## ${title}\n\n${about}\n\n${scoreTable(scores)}\n\n![${title}: CPU per request](performance-${id}.svg)`,
  )
  return `# Performance

Written by \`npm run bench\`: ${how}, contestants taking turns within one run.
CPU is user and system time of the proxy's own process, median of the rounds; the ratio is to the first line of each
table. Ratios travel between machines, microseconds do not. Node ${process.version}, ${cpu?.model.trim()}, ${cpus().length} cores: the proxy
on one, upstream and load generator on the other. Load average at the start ${busy}: the higher, the less p50, p99 and requests/s say.

## In short

${goalTable(played)}

${parts.join('\n\n')}
`
}

export function goalTable(played: readonly Played[]): string {
  const rows = goals.flatMap((goal) => {
    const scores = played.find(({ scenario }) => scenario.id === goal.scenario)?.scores
    const [of, to] = [goal.of, goal.to].map((start) => scores?.find(({ name }) => name.startsWith(start)))
    if (of === undefined || to === undefined) return []
    const ratio = goal.figure === 'p99' ? of.p99 / to.p99 : of.cpu / to.cpu
    const [wanted, isMet] =
      goal.atMost === undefined
        ? [`≥ ${goal.atLeast!.toFixed(2)}`, ratio >= goal.atLeast! - 0.005]
        : [`≤ ${goal.atMost.toFixed(2)}`, ratio < goal.atMost + 0.005]
    return [`| ${goal.what} | ${ratio.toFixed(2)} | ${wanted} | ${isMet ? 'yes' : 'no'} |`]
  })
  return ['| | measured | wanted | met |', '|---|---|---|---|', ...rows].join('\n')
}

import { type AdminActions, type AdminPage, type AdminPages, json } from '../admin-server.ts'
import { mergedMetrics } from '../metrics.ts'
import type { Crew } from './crew.ts'
import type { WorkerProcess } from './worker-process.ts'

/** The admin pages of a service of several processes: whatever a process shows, for all of them. */
export function commonPages(crew: Crew, paths: readonly string[]): AdminPages {
  const special: AdminPages = {
    '/health/live': () => json(200, { status: 'live' }),
    '/health/ready': () => readiness(crew),
    '/metrics': async () => {
      const own = [
        gauge('specgate_workers', 'gauge', 'Processes that serve.', crew.serving.length),
        gauge('specgate_worker_restarts_total', 'counter', 'Processes started for one that had ended.', crew.restarts),
      ]
      return { status: 200, ...(await mergedMetrics([own, ...(await crew.snapshots())])) }
    },
  }
  return Object.fromEntries(paths.map((path) => [path, special[path] ?? (() => firstPage(crew, path))]))
}

/** Every worker does it, one after the other, so that what they tell each other meanwhile is counted once. */
export function commonActions(crew: Crew, paths: readonly string[]): AdminActions {
  return Object.fromEntries(
    paths.map((path) => [
      path,
      async (body: string) => {
        let whole: AdminPage | undefined
        for (const worker of crew.serving) {
          const page = await ask(worker, 'action', [path, body])
          if (page === undefined) continue
          if (page.status >= 300) return page
          whole = whole === undefined ? page : added(whole, page)
        }
        return whole ?? json(503, { status: 'no process serves' })
      },
    ]),
  )
}

/** As ready as the least ready of those that serve; one that is being replaced is missed by nobody. */
async function readiness(crew: Crew): Promise<AdminPage> {
  if (crew.isStopping) return json(503, { status: 'draining' })
  const pages = await Promise.all(crew.serving.map((worker) => ask(worker, 'page', '/health/ready')))
  const known = pages.filter((page) => page !== undefined)
  return known.find(({ status }) => status !== 200) ?? known[0] ?? json(503, { status: 'waiting', for: ['workers'] })
}

async function firstPage(crew: Crew, path: string): Promise<AdminPage> {
  for (const worker of crew.serving) {
    const page = await ask(worker, 'page', path)
    if (page !== undefined) return page
  }
  return json(503, { status: 'no process serves' })
}

async function ask({ channel }: WorkerProcess, subject: string, question: unknown): Promise<AdminPage | undefined> {
  try {
    return (await channel.ask(subject, question, 5_000)) as AdminPage
  } catch {
    return undefined
  }
}

/** Two reports of one action: numbers are added, all else is the same. */
function added(one: AdminPage, other: AdminPage): AdminPage {
  const [a, b] = [one, other].map(({ body }) => JSON.parse(body) as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ]
  const sums = Object.entries(a).map(([key, value]) => {
    const more = b[key]
    return [key, typeof value === 'number' && typeof more === 'number' ? value + more : value]
  })
  return json(one.status, Object.fromEntries(sums))
}

function gauge(name: string, type: string, help: string, value: number) {
  return { name, type, help, aggregator: 'sum', values: [{ labels: {}, value }] } as never
}

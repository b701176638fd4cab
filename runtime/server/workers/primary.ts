import type { Cluster } from 'node:cluster'
import { createServer } from 'node:net'
import { workerVariable } from '../../store/worker-store.ts'
import { adminActions, adminPages } from '../admin-pages.ts'
import { adminServer } from '../admin-server.ts'
import { Metrics } from '../metrics.ts'
import { type ServiceLog, serviceLog } from '../service-log.ts'
import {
  BootError,
  listen,
  listenOn,
  portOf,
  portVariable,
  type RunningService,
  type ServiceDefinition,
  urlOf,
} from '../start.ts'
import { Answers } from './answers.ts'
import { commonActions, commonPages } from './common-pages.ts'
import { Crew } from './crew.ts'
import type { Birth } from './worker-process.ts'

/**
 * Runs a service as several processes: this one serves nobody; it starts the workers, replaces those that end, has the admin
 * listener for all of them, holds the state they share, and stops them.
 * @throws BootError with everything that keeps the service from starting
 */
export async function runPrimary(service: ServiceDefinition, count: number): Promise<RunningService> {
  const cluster = (await import('node:cluster')).default
  const { name } = service
  const log = serviceLog(name, service.log?.level ?? 'info', true)
  const problems: string[] = []
  const port = await freePort(service, problems)
  const admin = service.admin === false ? undefined : { host: '127.0.0.1', metrics: true, ...service.admin }
  const drain = service.shutdown?.drain ?? 15_000
  const answers = new Answers(service.routes)
  const crew = new Crew(() => fork(cluster, port), answers, log, drain)

  const metrics = admin?.metrics === true ? new Metrics(() => 0, service.resources) : undefined
  const pages = adminPages(service.resources, () => crew.isStopping, metrics, admin)
  const health = adminServer(
    commonPages(crew, Object.keys(pages)),
    commonActions(crew, Object.keys(adminActions(admin))),
  )
  // What is wrong with the number itself is said by a worker, with all else.
  const adminPort = admin === undefined ? 0 : portOf(admin.port ?? 9090, 'ADMIN_PORT', [])
  if (admin !== undefined) {
    const busy = await listen(() => listenOn(health, admin.host, adminPort), `${admin.host}:${adminPort} (ADMIN_PORT)`)
    if (busy !== undefined) problems.push(busy)
  }

  // One goes ahead: what is wrong is wrong for all, and is said once.
  const first = await crew.start()
  if (first === undefined) problems.push('its first process ended before it was ready')
  else if ('problems' in first) problems.unshift(...first.problems)
  if (problems.length > 0) {
    health.close()
    crew.kill()
    throw new BootError(name, [...new Set(problems)])
  }
  await crew.fill(count)

  const { url } = first as Extract<Birth, { url: string }>
  const adminUrl = admin === undefined ? undefined : urlOf(health)
  log.info({ url, ...(adminUrl === undefined ? {} : { admin: adminUrl }), workers: count }, 'listening')

  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    log.info({ workers: crew.serving.length }, 'draining')
    await crew.stop()
    health.closeAllConnections()
    health.close()
    log.info({}, 'stopped')
    log.flush()
  }
  const kill = (): void => {
    crew.kill()
    health.closeAllConnections()
    health.close()
  }
  return {
    url,
    adminUrl,
    close: () => (closing ??= close()),
    kill,
    fault: (failure) => faulty(log, failure),
    inside: { page: () => undefined, action: () => undefined, snapshot: async () => [] },
  }
}

function faulty(log: ServiceLog, failure: unknown): void {
  log.error({ err: failure }, 'unexpected failure')
}

function fork(cluster: Cluster, port: number | undefined) {
  cluster.setupPrimary({ serialization: 'json' })
  return cluster.fork({ [workerVariable]: '1', ...(port === undefined ? {} : { [portVariable]: String(port) }) })
}

/**
 * Workers share their port with whoever else wants to: so whether somebody has it already must be asked without sharing.
 * @returns the port; undefined where its number is wrong
 */
async function freePort(service: ServiceDefinition, problems: string[]): Promise<number | undefined> {
  const wrong: string[] = []
  const port = portOf(service.listen.port, 'PORT', wrong)
  if (wrong.length > 0) return undefined
  const probe = createServer()
  const { host } = service.listen
  const busy = await listen(() => listenOn(probe, host, port), `${host}:${port} (PORT)`)
  if (busy !== undefined) {
    problems.push(busy)
    return undefined
  }
  const { port: given } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return given
}

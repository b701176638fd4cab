import type { AddressInfo, Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cors, type CorsOptions } from '../core/cors.ts'
import { noticesTo } from '../core/notice.ts'
import type { Resource } from '../core/resource.ts'
import type { Sentry } from '../core/sentry.ts'
import type { Settings } from '../core/settings.ts'
import { accessLog } from './access-log.ts'
import { type AdminOptions, adminActions, adminPages } from './admin-pages.ts'
import { type AdminPage, adminServer } from './admin-server.ts'
import type { Patience } from './client-connection.ts'
import type { ClientListener, SecureTransport } from './client-listener.ts'
import { type AddressRange, addressRange, clientSight } from './client-sight.ts'
import { capConnections } from './connection-cap.ts'
import { HttpServer } from './http-server.ts'
import { Metrics, type MetricsSnapshot } from './metrics.ts'
import { Overload, type OverloadLimits } from './overload.ts'
import type { RedactOptions } from './redaction.ts'
import type { Router } from './router.ts'
import { type LogLevel, type ServiceLog, serviceLog } from './service-log.ts'
import type { Reception } from './turn.ts'
import { watch } from './watch.ts'

/** What the composition root says of a service. Durations are milliseconds, sizes bytes; ports may be text. */
export interface ServiceDefinition {
  readonly name: string
  readonly settings: Settings<string>
  /** Upstreams among them: started before the first request, closed after the last. */
  readonly resources: readonly Resource[]
  readonly routes: Router
  readonly listen: { readonly host: string; readonly port: number | string }
  /** HTTPS instead of HTTP: `tls()` of `server/tls`. */
  readonly tls?: SecureTransport
  /** How many processes serve: a number, or `auto` for one per core. Default: 1, this process. */
  readonly workers?: number | string
  /** Health and metrics; default 127.0.0.1:9090 with metrics. False: none. */
  readonly admin?: AdminOptions | false
  /** Addresses and CIDR blocks whose word on the client's address counts. */
  readonly trustedProxies?: readonly string[]
  /** Who is turned away before requests are routed. */
  readonly protect?: Sentry
  /** Of a request's header block (16 KiB) and target (8 KiB); what a process takes on at once: 10,000 connections, 4,000
   *  requests, a loop that is up to 300 ms late. */
  readonly limits?: { readonly headers?: number; readonly url?: number } & Partial<OverloadLimits>
  /** Which pages may read problems of requests that belong to no operation. */
  readonly cors?: CorsOptions
  /** How long clients may take; see {@link Patience} for what each is. 15 s, 10 s, 75 s. */
  readonly patience?: Partial<Patience>
  /** How long requests under way may take once the service has been told to stop: 15 s. */
  readonly shutdown?: { readonly drain?: number }
  /** `access: 'off'` leaves the lines of requests out. */
  readonly log?: { readonly level?: LogLevel; readonly access?: 'json' | 'off' }
  /** Fields and query parameters whose values never reach the log; usual names of secrets are known. */
  readonly redact?: RedactOptions
}

export interface RunningService {
  /** `http://127.0.0.1:8080`, with the port that was given. */
  readonly url: string
  readonly adminUrl: string | undefined
  /** Takes no new requests, lets those under way finish, closes. Resolves when nothing is left. */
  close(): Promise<void>
  /** Closes at once. */
  kill(): void
  /** Puts a failure that reached nobody into the log. */
  fault(failure: unknown): void
  /** What the admin listener shows and does, for a primary process that has it instead. */
  readonly inside: Inside
}

export interface Inside {
  /** Undefined: there is no such page. */
  page(path: string): AdminPage | Promise<AdminPage> | undefined
  action(path: string, body: string): AdminPage | Promise<AdminPage> | undefined
  /** The numbers of this process, to be added to those of others. */
  snapshot(): Promise<MetricsSnapshot>
}

/** Where a worker listens if its service takes any port: all of them must take the same one. */
export const portVariable = 'SPECGATE_PORT'

/** How a process takes part in a service. */
export interface Part {
  /** One of several that listen on one port; somebody else has the admin listener and speaks for all. */
  readonly isWorker: boolean
}

/** All that keeps a service from starting, as sentences for the person who deploys it. */
export class BootError extends Error {
  readonly problems: readonly string[]

  constructor(name: string, problems: readonly string[]) {
    super(`${name} cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'BootError'
    this.problems = problems
  }
}

/** While draining, a kept connection without a request is closed after this long: its next request may be on its way. */
const idleGrace = 500

/** Starts a service. @throws BootError with everything that is wrong */
export async function start(
  service: ServiceDefinition,
  { isWorker }: Part = { isWorker: false },
): Promise<RunningService> {
  const { name, routes, tls } = service
  const resources = tls === undefined ? service.resources : [...service.resources, tls]
  const problems = [...service.settings.problems]
  const port = portOf((isWorker && process.env[portVariable]) || service.listen.port, 'PORT', problems)
  const admin = service.admin === false ? undefined : { host: '127.0.0.1', metrics: true, ...service.admin }
  const adminPort = admin === undefined ? 0 : portOf(admin.port ?? 9090, 'ADMIN_PORT', problems)
  const trusted = rangesOf(service.trustedProxies ?? [], problems)
  const log = serviceLog(name, service.log?.level ?? 'info', isWorker)
  noticesTo(log)
  for (const resource of resources) {
    try {
      await resource.start?.()
    } catch (error) {
      problems.push(`${resource.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (problems.length > 0) throw new BootError(name, problems)

  const logsAccess = service.log?.access !== 'off' && (log.level === 'info' || log.level === 'debug')
  const writeAccess = logsAccess ? accessLog(service.redact ?? {}, (line) => log.line(line)) : undefined
  const { headers = 16 * 1024, url: longestUrl = 8 * 1024, ...strength } = service.limits ?? {}
  const overload = new Overload({ connections: 10_000, inFlight: 4_000, eventLoopDelay: 300, ...strength }, log)
  const metrics = admin?.metrics === true ? new Metrics(() => reception.inFlight, [...resources, overload]) : undefined
  const watched = service.protect === undefined ? undefined : watch(service.protect, trusted.length === 0)
  const reception: Reception = {
    routes,
    cors: service.cors === undefined ? undefined : new Cors(service.cors),
    sight: clientSight(trusted),
    overload,
    sentry: service.protect,
    limits: { headers, url: longestUrl },
    observe(turn) {
      metrics?.observe(turn)
      writeAccess?.(turn)
      watched?.saw(turn)
    },
    onRefusal(status, socket) {
      metrics?.refused(status)
      watched?.refused(status, socket.remoteAddress)
      if (logsAccess) log.info({ status, address: socket.remoteAddress }, 'unreadable request')
    },
    onFault: (failure, turn) => log.error({ err: failure, requestId: turn.requestId }, 'unexpected failure'),
    isDraining: false,
    inFlight: 0,
  }
  const patience: Patience = { headers: 15_000, body: 10_000, idle: 75_000, ...service.patience }
  const server: ClientListener = tls?.open(reception, patience) ?? new HttpServer(reception, patience)
  capConnections(server, overload, tls !== undefined)
  const pages = adminPages(resources, () => reception.isDraining, metrics, admin)
  const actions = adminActions(admin)
  const health = adminServer(pages, actions)
  const listening = [
    listen(() => server.listen(service.listen.host, port, isWorker), `${service.listen.host}:${port} (PORT)`),
  ]
  if (admin !== undefined && !isWorker) {
    listening.push(listen(() => listenOn(health, admin.host, adminPort), `${admin.host}:${adminPort} (ADMIN_PORT)`))
  }
  problems.push(...(await Promise.all(listening)).filter((problem) => problem !== undefined))
  if (problems.length > 0) {
    server.destroy()
    health.close()
    await closeAll(resources, log)
    throw new BootError(name, problems)
  }

  const url = urlOf(server.server, tls === undefined ? 'http' : 'https')
  overload.start()
  const adminUrl = admin === undefined || isWorker ? undefined : urlOf(health)
  const say = (fields: object, message: string): void => {
    if (!isWorker) log.info(fields, message)
  }
  say(adminUrl === undefined ? { url } : { url, admin: adminUrl }, 'listening')

  let closing: Promise<void> | undefined
  const kill = (): void => {
    overload.close()
    server.destroy()
    health.closeAllConnections()
    health.close()
  }
  const fault = (failure: unknown): void => log.error({ err: failure }, 'unexpected failure')
  const drain = async (): Promise<void> => {
    reception.isDraining = true
    say({ inFlight: reception.inFlight }, 'draining')
    const until = performance.now() + (service.shutdown?.drain ?? 15_000)
    await server.stopListening()
    while (server.connectionCount > 0 && performance.now() < until) {
      server.closeIdle(idleGrace)
      await sleep(20)
    }
    if (reception.inFlight > 0) log.warn({ inFlight: reception.inFlight }, 'requests were cut off')
    kill()
    await closeAll(resources, log)
    say({}, 'stopped')
    log.flush()
  }
  const inside: Inside = {
    page: (path) => (Object.hasOwn(pages, path) ? pages[path]!() : undefined),
    action: (path, body) => (Object.hasOwn(actions, path) ? actions[path]!(body) : undefined),
    snapshot: async () => (metrics === undefined ? [] : metrics.snapshot()),
  }
  return { url, adminUrl, close: () => (closing ??= drain()), kill, fault, inside }
}

export function portOf(written: number | string, variable: string, problems: string[]): number {
  const text = String(written).trim()
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  problems.push(`${variable} is not a port number: ${JSON.stringify(text)}`)
  return 0
}

function rangesOf(texts: readonly string[], problems: string[]): AddressRange[] {
  const ranges: AddressRange[] = []
  for (const text of texts) {
    try {
      ranges.push(addressRange(text))
    } catch {
      problems.push(`trustedProxies: ${JSON.stringify(text)} is neither an address nor a CIDR block`)
    }
  }
  return ranges
}

export async function listen(open: () => Promise<void>, where: string): Promise<string | undefined> {
  try {
    await open()
    return undefined
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return `cannot listen on ${where}: ${code === 'EADDRINUSE' ? 'the port is in use' : (code ?? message)}`
  }
}

export function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, fail) => {
    server.once('error', fail)
    server.listen(port, host, resolve)
  })
}

export function urlOf(server: Server, scheme = 'http'): string {
  const { address, port } = server.address() as AddressInfo
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`
}

async function closeAll(resources: readonly Resource[], log: ServiceLog): Promise<void> {
  for (const resource of resources.toReversed()) {
    try {
      await resource.close?.()
    } catch (error) {
      log.error({ err: error }, `cannot close ${resource.name}`)
    }
  }
}

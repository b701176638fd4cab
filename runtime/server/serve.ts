import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Resource } from '../core/resource.ts'
import type { Settings } from '../core/settings.ts'
import { clientSight } from './client-sight.ts'
import { httpServer } from './http-server.ts'
import type { Router } from './router.ts'

/** What the composition root says of a service. Durations are milliseconds, sizes bytes. */
export interface ServiceDefinition {
  readonly name: string
  readonly settings: Settings<string>
  /** Upstreams among them: started before the first request, closed after the last. */
  readonly resources: readonly Resource[]
  readonly routes: Router
  readonly listen: { readonly host: string; readonly port: number | string }
  readonly admin?: { readonly host: string; readonly port: number | string; readonly metrics: boolean }
  /** CIDR blocks whose word on the client's address counts. */
  readonly trustedProxies?: readonly string[]
  readonly limits?: { readonly headers?: number; readonly url?: number }
  readonly shutdown?: { readonly drain?: number }
}

export interface RunningService {
  /** `http://127.0.0.1:8080`, with the port that was given. */
  readonly url: string
  readonly adminUrl: string | undefined
  /** Drains and closes; resolves when nothing is left. */
  close(): Promise<void>
}

/** Starts the service; where anything it needs is missing, prints the whole list and ends the process with 1. */
export async function serve(service: ServiceDefinition): Promise<RunningService> {
  const problems = [...service.settings.problems]
  for (const resource of service.resources) {
    try {
      await resource.start?.()
    } catch (error) {
      problems.push(`${resource.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (problems.length > 0) {
    process.stderr.write(`${service.name} cannot start:\n${problems.map((problem) => `  - ${problem}\n`).join('')}`)
    process.exit(1)
  }
  const server = httpServer({
    routes: service.routes,
    sight: clientSight(service.trustedProxies ?? []),
    headerLimit: service.limits?.headers ?? 16 * 1024,
    urlLimit: service.limits?.url ?? 8 * 1024,
    onFault: (failure) => console.error(failure),
    isDraining: () => false,
  })
  await listen(server, service.listen.host, Number(service.listen.port))
  const { address, port } = server.address() as AddressInfo
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url })}\n`)
  return {
    url,
    adminUrl: undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, fail) => {
    server.once('error', fail)
    server.listen(port, host, resolve)
  })
}

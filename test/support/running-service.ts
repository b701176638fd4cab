import { type OperationDefinition, operation } from '../../runtime/core/operation.ts'
import type { Policy } from '../../runtime/core/policy.ts'
import { readSettings } from '../../runtime/core/settings.ts'
import { router } from '../../runtime/server/router.ts'
import { type RunningService, type ServiceDefinition, start } from '../../runtime/server/start.ts'
import { type UpstreamDefinition, upstream } from '../../runtime/upstream/upstream.ts'

export interface TestService extends RunningService {
  stop(): void
}

export interface TestServiceOptions {
  readonly paths?: Readonly<Record<string, readonly string[]>>
  readonly upstream?: Partial<UpstreamDefinition>
  readonly operation?: Partial<OperationDefinition>
  readonly policies?: readonly Policy[]
  readonly service?: Partial<ServiceDefinition>
}

/** A service in this process, in front of `upstreamUrl`, without the compiler: for the runtime's own tests. */
export async function runService(upstreamUrl: string, options: TestServiceOptions = {}): Promise<TestService> {
  const target = upstream({ name: 'default', targets: { main: { url: upstreamUrl } }, ...options.upstream })
  const paths = options.paths ?? { '/x': ['GET', 'POST', 'PUT', 'DELETE'], '/x/{id}': ['GET', 'POST', 'PUT', 'DELETE'] }
  const table = Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        methods.map((method) => [
          method,
          operation({
            id: `${method} ${path}`,
            method,
            path,
            upstream: target,
            policies: options.policies ?? [],
            ...options.operation,
          }),
        ]),
      ),
    ]),
  )
  const running = await start({
    name: 'test',
    settings: readSettings({}),
    resources: [target],
    routes: router(table),
    listen: { host: '127.0.0.1', port: 0 },
    admin: { port: 0 },
    log: { level: 'silent' },
    ...options.service,
  })
  return {
    ...running,
    stop() {
      running.kill()
      void target.close()
    },
  }
}

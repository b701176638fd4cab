import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from '../generator/index.ts'
import { send } from '../test/support/send.ts'
import { type RunningService, startService } from '../test/support/start-service.ts'
import { portNear } from './demo/ports.ts'
import { bold, curl, dim, green, printStep, red } from './demo/show.ts'
import { demoKeys, type ServiceName, type Step, steps } from './demo/steps.ts'
import { startSampleUpstream } from './sample-upstream.ts'

/**
 * `npm run demo`: compiles the sample documents, starts a sample backend and the proxies in front of it, sends real
 * requests through and prints what came back; then stays up. `-- --once` checks the answers, stops, and exits 0 or 1.
 */
const root = fileURLToPath(new URL('../', import.meta.url))
const once = process.argv.includes('--once')

const backendOf: Readonly<Record<ServiceName, { readonly path: string; readonly port: number }>> = {
  search: { path: '/search-backend', port: 8080 },
  petstore: { path: '/petstore-backend', port: 8081 },
  'legacy-orders': { path: '/erp-backend', port: 8082 },
}
const names = Object.keys(backendOf) as ServiceName[]

await generate()
const upstream = await startSampleUpstream(once ? 0 : await portNear(9000))
const services = new Map<ServiceName, RunningService>()
let failed = 0
try {
  for (const name of names) services.set(name, await startProxy(name))
  introduce()
  for (const step of steps) failed += await take(step)
} catch (error) {
  console.error(red(String(error instanceof Error ? error.message : error)))
  failed++
}
if (once || failed > 0) {
  await stop()
  console.log(
    failed === 0
      ? green(`\nAll ${steps.length} answers are as promised.`)
      : red(`\n${failed} answers are not as promised.`),
  )
  process.exitCode = failed === 0 ? 0 : 1
} else stayUp()

async function generate(): Promise<void> {
  const started = performance.now()
  for (const name of names) {
    const result = await compile({ root, document: `specs/${name}.yaml`, out: 'generated' })
    if (result.service === undefined) {
      console.error(red(`specs/${name}.yaml does not compile; npm run generate says why.`))
      process.exit(1)
    }
  }
  console.log(
    bold('specs/*.yaml → generated/*/dist/server.js') + dim(` in ${Math.round(performance.now() - started)} ms`),
  )
}

async function startProxy(name: ServiceName): Promise<RunningService> {
  const { path, port } = backendOf[name]
  return startService(join(root, 'generated', name, 'dist', 'server.js'), {
    PORT: String(once ? 0 : await portNear(port)),
    UPSTREAM_DEFAULT_URL: upstream.url + path,
  })
}

function introduce(): void {
  for (const name of names) {
    console.log(`${name.padEnd(14)} ${services.get(name)?.url}  ${dim(`→ ${upstream.url}${backendOf[name].path}`)}`)
  }
}

async function take(step: Step): Promise<number> {
  const { url } = services.get(step.service)!
  const { method, target, headers, body } = step
  const request = { method: method ?? 'GET', target, headers: headers ?? {}, ...(body === undefined ? {} : { body }) }
  for (let i = 0; i < (step.before ?? 0); i++) await send(url, request)
  const received = await send(url, request)
  const faults = step.check(received)
  printStep(url, step, received, faults)
  return faults.length === 0 ? 0 : 1
}

async function stop(): Promise<void> {
  await Promise.all([...services.values()].map((service) => service.stop()))
  upstream.server.closeAllConnections()
  upstream.server.close()
}

function stayUp(): void {
  console.log(`\n${bold('Everything stays up: now you.')} ${dim('Ctrl-C stops it.')}`)
  for (const name of names) console.log(dim(`  ${name}: metrics at ${services.get(name)?.adminUrl}/metrics`))
  console.log(`  ${curl(services.get('petstore')!.url, steps.find((step) => step.service === 'petstore')!)}`)
  console.log(dim(`  Demo keys: ${Object.values(demoKeys).join(', ')}`))
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())
}

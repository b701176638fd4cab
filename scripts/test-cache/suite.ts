import { registerHooks } from 'node:module'
import { Server } from 'node:net'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * A process of its own: the suite's origin and its client, from a checkout. Sends the port of its origin, waits for the
 * address of the proxy, sends the results.
 *
 * `node scripts/test-cache/suite.ts <checkout>`
 */
export interface SuiteResult {
  readonly suite: string
  readonly id: string
  readonly kind: 'required' | 'optimal' | 'check'
  readonly result: 'pass' | 'fail' | 'setup' | 'harness' | 'dependency'
  readonly detail: string
}

interface SuiteTest {
  readonly id: string
  readonly kind?: SuiteResult['kind']
  readonly browser_only?: boolean
  readonly cdn_only?: boolean
}

interface TestSuite {
  readonly id: string
  readonly name: string
  readonly tests: readonly SuiteTest[]
}

const checkout = resolve(process.argv[2] ?? '.')
// biome-ignore lint/suspicious/noExplicitAny: modules of somebody else's
const load = (path: string): Promise<any> => import(pathToFileURL(join(checkout, path)).href)
// The suite asks for undici, which a bare checkout does not have beside it.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'undici' ? next(specifier, { ...context, parentURL: import.meta.url }) : next(specifier, context),
})
const port = await startOrigin()
process.send!({ port })
process.once('message', (message) => {
  void run((message as { base: string }).base).then((results) => {
    process.send!({ results }, () => process.exit(0))
  })
})

/** The suite's server, on the loopback alone (it would listen on every interface), on a free port. */
async function startOrigin(): Promise<number> {
  const { listen } = Server.prototype
  let opened: Server | undefined
  const onLoopback = function (this: Server): Server {
    opened = this
    return this.listen({ port: 0, host: '127.0.0.1' })
  }
  Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
    const isOurs = typeof args[0] === 'object'
    return isOurs ? Reflect.apply(listen, this, args) : onLoopback.call(this)
  } as typeof listen
  Object.assign(process.env, { npm_config_protocol: 'http', npm_config_port: '0', npm_config_pidfile: '/dev/null' })
  console.log = () => {}
  await load('test-engine/server/server.mjs')
  Server.prototype.listen = listen
  return (opened!.address() as { port: number }).port
}

async function run(base: string): Promise<SuiteResult[]> {
  const { runTests, getResults } = await load('test-engine/client/runner.mjs')
  const { determineTestResult } = await load('test-engine/lib/results.mjs')
  const suites: readonly TestSuite[] = (await load('tests/index.mjs')).default
  console.error = () => {}
  await runTests(suites, false, base, 25)
  const results = getResults()
  const words: Readonly<Record<string, SuiteResult['result']>> = {
    ...{ '✅': 'pass', Y: 'pass', '⛔️': 'fail', '⚠️': 'fail', N: 'fail' },
    ...{ '🔹': 'setup', '↻': 'setup', '⁉️': 'harness', '⚪️': 'dependency', '-': 'harness' },
  }
  return suites.flatMap(({ name, tests }) =>
    tests
      // What is for browsers or for content delivery networks alone says nothing of a proxy.
      .filter((test) => test.browser_only !== true && test.cdn_only !== true)
      .map(({ id, kind = 'required' }) => {
        const result = words[determineTestResult(suites, id, results)[2]] ?? 'harness'
        const detail = Array.isArray(results[id]) ? results[id].join(': ') : ''
        return { suite: name, id, kind, result, detail }
      }),
  )
}

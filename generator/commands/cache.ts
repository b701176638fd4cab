import { Command } from 'commander'

interface PurgeOptions {
  readonly admin: string
  readonly tag?: readonly string[]
  readonly operation?: readonly string[]
  readonly url?: readonly string[]
  readonly all?: boolean
  readonly soft?: boolean
}

/** Milliseconds that a running service may take. */
const patience = 10_000

/** `specgate cache purge`: takes stored answers back, over the admin listener of a running service. */
export function cacheCommand(exit: (code: number) => void): Command {
  const cache = new Command('cache').description('take back what running services have stored')
  cache
    .command('purge')
    .description('forget stored answers by tag, operation or path, or all; needs server.admin.purge')
    .option('--admin <url>', 'the admin listener', process.env['SPECGATE_ADMIN'] ?? 'http://127.0.0.1:9090')
    .option('--tag <tags...>', 'answers with one of these tags: order:7')
    .option('--operation <ids...>', 'answers of these operations')
    .option('--url <urls...>', 'answers of these paths, with every query')
    .option('--all', 'everything')
    .option('--soft', 'make them stale instead: they may be validated, or stand in for a failure')
    .action(async (options: PurgeOptions, command: Command) => {
      const { tag, operation, url, all } = options
      if (tag === undefined && operation === undefined && url === undefined && all !== true) {
        command.error('error: say what: --tag, --operation, --url or --all', { exitCode: 2 })
      }
      exit(await purge(options))
    })
  return cache
}

async function purge({ admin, tag, operation, url, all, soft }: PurgeOptions): Promise<number> {
  const address = URL.parse('/cache/purge', admin)
  if (address === null) return complain(`${admin} is no URL.`)
  const request = { tags: tag, operations: operation, urls: url, all, soft }
  let response: Response
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(patience),
    })
  } catch {
    return complain(`Nobody answers at ${address.origin}: is that the admin listener of a running service?`)
  }
  const text = await response.text()
  if (response.status === 404) {
    return complain(`${address.origin} does not purge: "server.admin.purge: true" in the document lets it.`)
  }
  if (!response.ok) return complain(`${address.origin}: ${errorOf(text)}`)
  const { purged } = JSON.parse(text) as { purged: number }
  console.log(`${purged} stored ${purged === 1 ? 'answer' : 'answers'} ${soft === true ? 'made stale' : 'forgotten'}.`)
  return 0
}

function errorOf(text: string): string {
  try {
    return String((JSON.parse(text) as { error?: unknown }).error ?? text)
  } catch {
    return text.trim()
  }
}

function complain(message: string): number {
  console.error(message)
  return 1
}

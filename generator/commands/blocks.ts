import { Command } from 'commander'

interface AdminOption {
  readonly admin: string
}

interface LiftOptions extends AdminOption {
  readonly address?: string
  readonly consumer?: string
  readonly all?: boolean
}

interface ListedBlock {
  readonly subject: string
  readonly signal: string
  readonly times: number
  readonly until: string
  readonly seconds: number
}

/** Milliseconds that a running service may take. */
const patience = 10_000

/** `specgate blocks`: shows who is suspended and lets them in again, over the admin listener of a running service. */
export function blocksCommand(exit: (code: number) => void): Command {
  const blocks = new Command('blocks').description('show and lift suspensions of running services')
  const admin = [
    '--admin <url>',
    'the admin listener',
    process.env['SPECGATE_ADMIN'] ?? 'http://127.0.0.1:9090',
  ] as const
  blocks
    .command('list')
    .description('who is suspended, why and for how long')
    .option(...admin)
    .option('--json', 'as JSON')
    .action(async (options: AdminOption & { readonly json?: boolean }) => exit(await list(options)))
  blocks
    .command('lift')
    .description('let somebody in again, and forget that they were suspended')
    .option(...admin)
    .option('--address <address>', 'an address as `list` shows it: 192.0.2.1, 2001:db8:0:1::/64')
    .option('--consumer <id>', 'a consumer as `list` shows it')
    .option('--all', 'everybody')
    .action(async (options: LiftOptions, command: Command) => {
      const said = [options.address, options.consumer, options.all].filter((one) => one !== undefined)
      if (said.length !== 1) command.error('error: say whom: --address, --consumer or --all', { exitCode: 2 })
      exit(await lift(options))
    })
  return blocks
}

async function list({ admin, json }: AdminOption & { readonly json?: boolean }): Promise<number> {
  const text = await ask(admin, '/blocks')
  if (text === undefined) return 1
  const { blocks } = JSON.parse(text) as { readonly blocks: readonly ListedBlock[] }
  if (json === true) console.log(JSON.stringify(blocks, null, 2))
  else if (blocks.length === 0) console.log('Nobody is suspended.')
  else {
    for (const { subject, signal, times, until, seconds } of blocks) {
      console.log(`${subject}  ${signal}, ${times === 1 ? 'once' : `${times} times`}, until ${until} (${seconds} s)`)
    }
  }
  return 0
}

async function lift({ admin, address, consumer }: LiftOptions): Promise<number> {
  const subject = address === undefined ? consumer && `consumer ${consumer}` : `address ${address}`
  const text = await ask(admin, '/blocks/lift', subject === undefined ? { all: true } : { subject })
  if (text === undefined) return 1
  const { lifted } = JSON.parse(text) as { readonly lifted: number }
  if (lifted === 0 && subject !== undefined) {
    console.error(`${subject} was not suspended.`)
    return 1
  }
  console.log(`${lifted} ${lifted === 1 ? 'suspension' : 'suspensions'} lifted.`)
  return 0
}

/** The answer's text; undefined once it has been said what is wrong. */
async function ask(admin: string, path: string, body?: object): Promise<string | undefined> {
  const address = URL.parse(path, admin)
  if (address === null) return complain(`${admin} is no URL.`)
  let response: Response
  let text: string
  try {
    response = await fetch(address, {
      ...(body === undefined
        ? {}
        : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patience),
    })
    text = await response.text()
  } catch {
    return complain(`Nobody answers at ${address.origin}: is that the admin listener of a running service?`)
  }
  if (response.status === 404) return complain(`${address.origin} knows no suspensions: its document has no "protect".`)
  return response.ok ? text : complain(`${address.origin}: ${text.trim()}`)
}

function complain(message: string): undefined {
  console.error(message)
  return undefined
}

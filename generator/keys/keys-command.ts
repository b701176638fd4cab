import { readdir } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { createKey, KeysError, type ListedKey, listKeys, revokeKey } from './keys-file.ts'
import { addPassword, importKeys, rotateKey } from './other-keys.ts'

interface FileOption {
  readonly file?: string
}

interface CreateOptions extends FileOption {
  readonly role?: readonly string[]
  readonly scope?: readonly string[]
  readonly plan?: string
  readonly expires?: string
  readonly json?: boolean
}

const fileOption = ['-f, --file <file>', 'the consumers file; default: the only specs/*.consumers.yaml'] as const

/** `specgate keys create|list|revoke|rotate|import|password`: who may call, in a consumers file. */
export function keysCommand(): Command {
  const keys = new Command('keys').description('the API keys and passwords of a consumers file')
  keys
    .command('create')
    .description('make a key, store its hash, and show it once')
    .argument('<consumer>', 'who the key is for; a new consumer is added')
    .option(...fileOption)
    .option('--role <roles...>', 'the roles of the consumer')
    .option('--scope <scopes...>', 'the scopes of the consumer')
    .option('--plan <plan>', 'the plan whose limits apply to the consumer')
    .option('--expires <end>', 'when the key ends: 90d, 2027-01-31, 2027-01-31T12:00:00Z')
    .option('--json', 'print the key and its id as JSON')
    .action(mending(create))
  keys
    .command('list')
    .description('show the keys without the keys: id, consumer, beginning, dates')
    .option(...fileOption)
    .option('--json', 'print them as JSON')
    .action(
      mending(async (options: FileOption & { json?: boolean }, command: Command) => {
        const listed = await listKeys(await fileOf(options, command))
        console.log(options.json === true ? JSON.stringify(listed, null, 2) : table(listed))
      }),
    )
  keys
    .command('revoke')
    .description('take a key out of the file; running services notice within seconds')
    .argument('<id>', 'as `keys list` shows it')
    .option(...fileOption)
    .action(
      mending(async (id: string, options: FileOption, command: Command) => {
        const file = await fileOf(options, command)
        const { consumer } = await revokeKey(file, id)
        console.error(`${file}: the key ${id} of ${consumer} is gone.`)
      }),
    )
  keys
    .command('rotate')
    .description('give the consumer of a key a new one, and the old one an end')
    .argument('<id>', 'as `keys list` shows it')
    .option(...fileOption)
    .option('--overlap <time>', 'how long both are good: 12h, 7d', '7d')
    .action(
      mending(async (id: string, options: FileOption & { overlap: string }, command: Command) => {
        const file = await fileOf(options, command)
        const { key, id: fresh, consumer, until } = await rotateKey(file, id, options.overlap)
        console.error(`${file}: ${consumer} has the new key ${fresh}; ${id} is good until ${until}. It is shown once:`)
        console.log(key)
      }),
    )
  keys
    .command('import')
    .description('store the hashes of keys made elsewhere, given as lines "<consumer> <key>" on the standard input')
    .option(...fileOption)
    .action(
      mending(async (options: FileOption, command: Command) => {
        const file = await fileOf(options, command)
        const count = await importKeys(file, (await text(process.stdin)).split('\n'))
        console.error(`${file}: ${count} keys were added. Whoever has them may call with them.`)
      }),
    )
  keys
    .command('password')
    .description('give a consumer a password for the basic scheme; its hash is stored, and it is shown once')
    .argument('<consumer>', 'the name of the user; a new consumer is added')
    .option(...fileOption)
    .option('--stdin', 'take the password from the standard input instead of making one')
    .action(
      mending(async (consumer: string, options: FileOption & { stdin?: boolean }, command: Command) => {
        const file = await fileOf(options, command)
        const given = options.stdin === true ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined
        const { password, id } = await addPassword(file, consumer, given)
        console.error(`${file}: ${consumer} has a new password, ${id}.`)
        if (given === undefined) console.log(password)
      }),
    )
  return keys
}

/** The key alone goes to the standard output, so that a shell can take it up. */
async function create(consumer: string, options: CreateOptions, command: Command): Promise<void> {
  const file = await fileOf(options, command)
  const { role: roles, scope: scopes, plan, expires } = options
  const { key, id } = await createKey({ file, consumer, roles, scopes, plan, expires })
  console.error(`${file}: ${consumer} has a new key, ${id}. It is shown once and stored nowhere:`)
  console.log(options.json === true ? JSON.stringify({ key, id, consumer }) : key)
}

/** What a person can mend is told as one sentence, with exit code 2. */
function mending<Args extends unknown[]>(action: (...args: Args) => Promise<void>): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args)
    } catch (error) {
      if (!(error instanceof KeysError)) throw error
      ;(args.at(-1) as Command).error(error.message, { exitCode: 2 })
    }
  }
}

async function fileOf({ file }: FileOption, command: Command): Promise<string> {
  if (file !== undefined) return file
  const names = (await readdir('specs').catch(() => [])).filter((name) => /\.consumers\.ya?ml$/.test(name))
  if (names.length === 1) return `specs/${names[0]}`
  const why = names.length === 0 ? 'there is no specs/*.consumers.yaml' : `there are ${names.join(', ')}`
  return command.error(`Say which file with --file: ${why}.`, { exitCode: 2 })
}

function table(keys: readonly ListedKey[]): string {
  if (keys.length === 0) return 'No keys.'
  const rows = [
    ['ID', 'CONSUMER', 'BEGINS WITH', 'PLAN', 'ROLES', 'CREATED', 'EXPIRES'],
    ...keys.map((key) => [
      key.id,
      key.consumer,
      key.prefix ?? '',
      key.plan ?? '',
      key.roles.join(' '),
      key.created ?? '',
      key.expires ?? 'never',
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

import { readdir } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { createKey, type ListedKey, listKeys, revokeKey } from './edit-keys.ts'
import { keysFile } from './keys-file.ts'
import { KeysError, type KeysPlace } from './keys-place.ts'
import { addPassword, importKeys, rotateKey } from './other-keys.ts'

interface PlaceOptions {
  readonly file?: string
  readonly service?: string
  readonly redis?: string
}

interface CreateOptions extends PlaceOptions {
  readonly role?: readonly string[]
  readonly scope?: readonly string[]
  readonly plan?: string
  readonly metadata?: readonly string[]
  readonly expires?: string
  readonly json?: boolean
}

/** Where the keys are: said the same way by every command. */
function placed(command: Command): Command {
  return command
    .option('-f, --file <file>', 'the consumers file; default: the only specs/*.consumers.yaml')
    .option('--service <name>', 'the keys of this service in a Redis store, instead of a file')
    .option('--redis <url>', 'that store; default: REDIS_URL in the environment, which no list of processes shows')
}

/** `specgate keys create|list|revoke|rotate|import|password`: who may call, in a consumers file or a Redis store. */
export function keysCommand(): Command {
  const keys = new Command('keys').description('the API keys and passwords of a consumers file or a Redis store')
  placed(keys.command('create'))
    .description('make a key, store its hash, and show it once')
    .argument('<consumer>', 'who the key is for; a new consumer is added')
    .option('--role <roles...>', 'the roles of the consumer')
    .option('--scope <scopes...>', 'the scopes of the consumer')
    .option('--plan <plan>', 'the plan whose limits apply to the consumer')
    .option('--metadata <name=value...>', 'claims of the consumer, for limits and rules')
    .option('--expires <end>', 'when the key ends: 90d, 2027-01-31, 2027-01-31T12:00:00Z')
    .option('--json', 'print the key and its id as JSON')
    .action(mending(create))
  placed(keys.command('list'))
    .description('show the keys without the keys: id, consumer, beginning, dates')
    .option('--json', 'print them as JSON')
    .action(
      mending(async (options: PlaceOptions & { json?: boolean }, command: Command) => {
        const listed = await at(options, command, listKeys)
        console.log(options.json === true ? JSON.stringify(listed, null, 2) : table(listed))
      }),
    )
  placed(keys.command('revoke'))
    .description('take a key out; running services notice within a second')
    .argument('<id>', 'as `keys list` shows it')
    .action(
      mending(async (id: string, options: PlaceOptions, command: Command) => {
        await at(options, command, async (place) => {
          const { consumer } = await revokeKey(place, id)
          console.error(`${place.name}: the key ${id} of ${consumer} is gone.`)
        })
      }),
    )
  placed(keys.command('rotate'))
    .description('give the consumer of a key a new one, and the old one an end')
    .argument('<id>', 'as `keys list` shows it')
    .option('--overlap <time>', 'how long both are good: 12h, 7d', '7d')
    .action(
      mending(async (id: string, options: PlaceOptions & { overlap: string }, command: Command) => {
        await at(options, command, async (place) => {
          const { key, id: fresh, consumer, until } = await rotateKey(place, id, options.overlap)
          console.error(
            `${place.name}: ${consumer} has the new key ${fresh}; ${id} is good until ${until}. It is shown once:`,
          )
          console.log(key)
        })
      }),
    )
  placed(keys.command('import'))
    .description('store the hashes of keys made elsewhere, given as lines "<consumer> <key>" on the standard input')
    .action(
      mending(async (options: PlaceOptions, command: Command) => {
        await at(options, command, async (place) => {
          const count = await importKeys(place, (await text(process.stdin)).split('\n'))
          console.error(`${place.name}: ${count} keys were added. Whoever has them may call with them.`)
        })
      }),
    )
  placed(keys.command('password'))
    .description('give a consumer a password for the basic scheme; its hash is stored, and it is shown once')
    .argument('<consumer>', 'the name of the user; a new consumer is added')
    .option('--stdin', 'take the password from the standard input instead of making one')
    .action(
      mending(async (consumer: string, options: PlaceOptions & { stdin?: boolean }, command: Command) => {
        const given = options.stdin === true ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined
        await at(options, command, async (place) => {
          const { password, id } = await addPassword(place, consumer, given)
          console.error(`${place.name}: ${consumer} has a new password, ${id}.`)
          if (given === undefined) console.log(password)
        })
      }),
    )
  return keys
}

/** The key alone goes to the standard output, so that a shell can take it up. */
async function create(consumer: string, options: CreateOptions, command: Command): Promise<void> {
  const { role: roles, scope: scopes, plan, expires } = options
  const metadata = pairsOf(options.metadata)
  await at(options, command, async (place) => {
    const { key, id } = await createKey({ place, consumer, roles, scopes, plan, expires, metadata })
    console.error(`${place.name}: ${consumer} has a new key, ${id}. It is shown once and stored nowhere:`)
    console.log(options.json === true ? JSON.stringify({ key, id, consumer }) : key)
  })
}

/** `name=value`, each. */
function pairsOf(texts: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([\w.-]{1,128})=(.*)$/s.exec(text) ?? []
      if (name === undefined || value === undefined) throw new KeysError(`"${text}" is not name=value.`)
      return [name, value]
    }),
  )
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

/** Works at the place that is meant, and lets go of it. */
async function at<T>(options: PlaceOptions, command: Command, work: (place: KeysPlace) => Promise<T>): Promise<T> {
  const place = await placeOf(options, command)
  try {
    return await work(place)
  } finally {
    place.close()
  }
}

/** The client of the store is loaded only where there is one. */
async function placeOf({ file, service, redis }: PlaceOptions, command: Command): Promise<KeysPlace> {
  if (service === undefined) {
    if (redis !== undefined) command.error('Say whose keys with --service: the name of the service.', { exitCode: 2 })
    return keysFile(await fileOf(file, command))
  }
  if (file !== undefined) command.error('Keys are in a file or in a store: --file or --service.', { exitCode: 2 })
  const url = redis ?? process.env['REDIS_URL'] ?? ''
  if (url === '') command.error('Say where the store is: REDIS_URL in the environment, or --redis.', { exitCode: 2 })
  const { keysStore } = await import('./keys-store.ts')
  return keysStore(url, service)
}

async function fileOf(file: string | undefined, command: Command): Promise<string> {
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

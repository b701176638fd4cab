import { Command, CommanderError } from 'commander'

type Exit = (code: number) => void

/** Loaded one by one: `generate` on an unchanged document needs next to nothing. */
const commands: Readonly<Record<string, () => Promise<(exit: Exit) => Command>>> = {
  generate: async () => (await import('./generate.ts')).generateCommand,
  dev: async () => (await import('./dev.ts')).devCommand,
  lint: async () => (await import('./lint.ts')).lintCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  diff: async () => (await import('./diff.ts')).diffCommand,
  init: async () => (await import('./init.ts')).initCommand,
  cache: async () => (await import('./cache.ts')).cacheCommand,
  blocks: async () => (await import('./blocks.ts')).blocksCommand,
  keys: async () => (await import('../keys/keys-command.ts')).keysCommand,
}

/** @returns the exit code */
export async function runCommand(args: readonly string[]): Promise<number> {
  let status = 0
  const program = new Command('specgate')
    .description('Compiles OpenAPI documents with x-proxy extensions into API proxies you own.')
    .exitOverride()
    .showHelpAfterError('(specgate --help lists the commands)')
  const named = Object.keys(commands).filter((name) => name === args[0])
  for (const name of named.length > 0 ? named : Object.keys(commands)) {
    const make = await commands[name]!()
    program.addCommand(
      make((code) => {
        status = code
      }),
    )
  }
  for (const command of program.commands) {
    command.exitOverride()
    for (const sub of command.commands) sub.exitOverride()
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : 2
  }
  return status
}

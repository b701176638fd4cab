import { Command, CommanderError } from 'commander'
import { keysCommand } from '../keys/keys-command.ts'
import { cacheCommand } from './cache.ts'
import { devCommand } from './dev.ts'
import { diffCommand } from './diff.ts'
import { explainCommand } from './explain.ts'
import { generateCommand } from './generate.ts'
import { initCommand } from './init.ts'
import { lintCommand } from './lint.ts'

/** @returns the exit code */
export async function runCommand(args: readonly string[]): Promise<number> {
  let status = 0
  const program = new Command('specgate')
    .description('Compiles OpenAPI documents with x-proxy extensions into API proxies you own.')
    .exitOverride()
    .showHelpAfterError('(specgate --help lists the commands)')
  const exit = (code: number): void => {
    status = code
  }
  for (const make of [generateCommand, devCommand, lintCommand, explainCommand, diffCommand, initCommand, cacheCommand])
    program.addCommand(make(exit))
  program.addCommand(keysCommand())
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

#!/usr/bin/env node
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'
import { devCommand } from './commands/dev.ts'
import { diffCommand } from './commands/diff.ts'
import { explainCommand } from './commands/explain.ts'
import { generateCommand } from './commands/generate.ts'
import { initCommand } from './commands/init.ts'
import { lintCommand } from './commands/lint.ts'
import { keysCommand } from './keys/keys-command.ts'

/** Exit codes: 0 done, 1 a document has errors or the output is stale, 2 wrong usage. */
export async function main(args: readonly string[]): Promise<number> {
  let status = 0
  const program = new Command('specgate')
    .description('Compiles OpenAPI documents with x-proxy extensions into API proxies you own.')
    .exitOverride()
    .showHelpAfterError('(specgate --help lists the commands)')
  const exit = (code: number): void => {
    status = code
  }
  for (const make of [generateCommand, devCommand, lintCommand, explainCommand, diffCommand, initCommand])
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

/** True where this file is what was started, also through the link that npm puts into `.bin`. */
function isMain(): boolean {
  const started = process.argv[1]
  return started !== undefined && realpathSync(started) === realpathSync(fileURLToPath(import.meta.url))
}

if (isMain()) process.exitCode = await main(process.argv.slice(2))

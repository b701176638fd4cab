import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { Command } from 'commander'
import { compile, keptBundler } from '../index.ts'
import { printResult } from './print-result.ts'
import { watchDocument } from './watch.ts'

/** `specgate dev <document>`: compile, run, and do both again whenever a file changes. */
export function devCommand(exit: (code: number) => void): Command {
  return new Command('dev')
    .description('compile a document, run its service, and do both again whenever a file changes')
    .argument('<document>', 'an OpenAPI document')
    .option('--out <folder>', 'where services are written, one folder each', 'generated')
    .option('--lenient', 'leave out what cannot be compiled exactly')
    .action(async (document: string, options: { out: string; lenient?: boolean }) => {
      exit(await dev(document, options.out, options.lenient === true))
    })
}

async function dev(document: string, out: string, lenient: boolean): Promise<never> {
  let running: ChildProcess | undefined
  const restart = (folder: string): void => {
    running?.kill('SIGTERM')
    running = spawn(process.execPath, [join(folder, 'dist', 'server.js')], { stdio: 'inherit' })
  }
  const root = process.cwd()
  const options = { root, out, lenient, bundler: keptBundler() }
  const first = await compile({ document, ...options })
  printResult(document, first, {})
  if (first.service !== undefined) restart(first.folder)
  watchDocument(document, first, options, (result) => {
    if (result.service !== undefined && result.service.touched.length > 0) restart(result.folder)
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      running?.once('exit', () => process.exit(0))
      if (running === undefined || !running.kill('SIGTERM')) process.exit(0)
    })
  }
  return new Promise(() => {})
}

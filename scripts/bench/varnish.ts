import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Contender, freePort, listening, pin } from './contestant.ts'

/** Whether there is a Varnish to compare with. */
export function hasVarnish(): boolean {
  return spawnSync('varnishd', ['-V'], { stdio: 'ignore' }).status === 0
}

/** Varnish as it comes, with memory for what the scenario holds; it answers from its cache. */
export async function startVarnish(upstream: string, folder: string, core: number): Promise<Contender> {
  const port = await freePort()
  const places = ['-n', join(folder, 'varnish'), '-a', `127.0.0.1:${port}`, '-b', new URL(upstream).host]
  const child = spawn('varnishd', ['-F', '-j', 'none', '-T', 'none', '-s', 'malloc,32m', ...places], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const started = await listening(child, port, core, 'varnishd')
  // The process that was started only watches over the one that serves.
  const served = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').at(-1))
  pin(served, core)
  return { ...started, serving: served }
}

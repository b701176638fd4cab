import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface RunningService {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** The admin listener. */
  readonly adminUrl: string
  readonly process: ChildProcess
  /** Every JSON line the service has logged so far. */
  readonly log: readonly Readonly<Record<string, unknown>>[]
  /** SIGTERM, and SIGKILL where that is not enough; resolves with the exit code. */
  stop(): Promise<number | null>
}

/**
 * Starts an emitted service as a process of its own, on free ports, and waits until it listens.
 * @param bundle path of `dist/server.js`
 */
export async function startService(
  bundle: string,
  env: Readonly<Record<string, string>> = {},
  timeout = 15_000,
): Promise<RunningService> {
  const child = spawn(process.execPath, [bundle], {
    env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: Record<string, unknown>[] = []
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const listening = new Promise<Record<string, unknown>>((resolve, fail) => {
    const timer = setTimeout(() => fail(new Error(`not listening after ${timeout} ms\n${output}`)), timeout)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = parseLine(line)
      if (entry === undefined) output += `${line}\n`
      else log.push(entry)
      if (entry?.['msg'] === 'listening') {
        clearTimeout(timer)
        resolve(entry)
      }
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      const said = log.map((entry) => JSON.stringify(entry)).join('\n')
      fail(new Error(`the service ended with code ${code} before it listened\n${said}\n${output}`))
    })
  })
  const stop = async (): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
    await ended
    clearTimeout(timer)
    return child.exitCode
  }
  try {
    const entry = await listening
    return { url: String(entry['url']), adminUrl: String(entry['admin']), process: child, log, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

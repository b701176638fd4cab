import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

export interface CorpusService {
  readonly url: string
  /** From the process's start until it listens. */
  readonly milliseconds: number
  /** Resident memory once it listens. */
  readonly mebibytes: number
  stop(): Promise<void>
}

/** Starts `dist/server.js`; what it logs after its start is thrown away. */
export async function runService(bundle: string, env: Readonly<Record<string, string>>): Promise<CorpusService> {
  const start = performance.now()
  const child = spawn(process.execPath, [bundle], {
    env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 5000) said += text
  })
  const url = await new Promise<string>((resolve, fail) => {
    const lines = createInterface({ input: child.stdout })
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      fail(new Error(`the service ended with ${signal ?? code}: ${said}`))
    })
    lines.on('line', (line) => {
      if (said.length < 5000) said += `${line}\n`
      const entry = /^\{.*"msg":"listening"/.test(line) ? (JSON.parse(line) as { url: string }) : undefined
      if (entry === undefined) return
      clearTimeout(timer)
      lines.close()
      child.stdout.resume()
      resolve(entry.url)
    })
  })
  const milliseconds = Math.round(performance.now() - start)
  return {
    url,
    milliseconds,
    mebibytes: residentMebibytes(child.pid!),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** 0 where the system does not say. */
function residentMebibytes(pid: number): number {
  try {
    const [, kibibytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Math.round(Number(kibibytes) / 1024)
  } catch {
    return 0
  }
}

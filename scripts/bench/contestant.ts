import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Contender {
  readonly process: ChildProcess
  readonly port: number
  /** The process that is measured, where it is not the one that was started. */
  readonly serving?: number
}

/**
 * Starts a script or bundle with Node and waits until it takes connections. Its output goes nowhere: reading a log
 * would cost the machine as much as writing it.
 * @param core where `taskset` exists, the process stays on this core
 */
export async function start(file: string, env: Readonly<Record<string, string>>, core: number): Promise<Contender> {
  const [port, admin] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, [sources, file], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), ADMIN_PORT: String(admin), ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return await listening(child, port, core, file)
}

/** Pins a process that has just been started, and waits until it takes connections. */
export async function listening(child: ChildProcess, port: number, core: number, what: string): Promise<Contender> {
  pin(child.pid!, core)
  for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt++) {
    if (await isListening(port)) return { process: child, port }
    await sleep(50)
  }
  child.kill('SIGKILL')
  throw new Error(`${what} does not listen`)
}

/** The load generator, which takes rounds on its input and gives results on its output. */
export function startLoad<Order, Result>(
  file: string,
  core: number,
): { readonly process: ChildProcess; round(order: Order): Promise<Result> } {
  const child = spawn(process.execPath, [sources, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  pin(child.pid!, core)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    process: child,
    async round(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`)
      const line = await lines.next()
      return JSON.parse(String(line.value)) as Result
    },
  }
}

const sources = '--conditions=@specgate/source'

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

export function pin(pid: number, core: number): void {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
  } catch {
    // Not Linux, or one core: the figures are noisier, the ratios still hold.
  }
}

/** User and system time of a process and its threads so far, in seconds. */
export function cpuSeconds(pid: number): number {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`)
    return tasks.reduce((sum, task) => sum + runningTime(`/proc/${pid}/task/${task}/schedstat`), 0)
  } catch {
    return cpuTicks(pid)
  }
}

/** To the nanosecond, where the kernel keeps it. */
function runningTime(file: string): number {
  return Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e9
}

/** In steps of 10 ms. */
function cpuTicks(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

const ticksPerSecond = 100

/** Resident memory of a process, in MiB. */
export function residentMiB(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return (pages * 4096) / 1024 / 1024
}

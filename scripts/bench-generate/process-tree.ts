import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** What running a command took. */
export interface Run {
  readonly ms: number
  /** User and system time of all its processes, in ms. */
  readonly cpu: number
  /** Resident memory of all its processes together, at its highest, in MiB. */
  readonly peak: number
  readonly exitCode: number | null
  readonly output: string
}

const samplePeriod = 20
const tickMs = 10

/** Runs a command to its end, and watches the processes it starts. Linux only: times and memory are read from /proc. */
export async function measure(args: readonly string[], folder: string): Promise<Run> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  let peak = 0
  const cpu = new Map<number, number>()
  const sample = (): void => {
    let resident = 0
    for (const { pid, ms, bytes } of treeOf(child.pid!)) {
      resident += bytes
      cpu.set(pid, ms)
    }
    peak = Math.max(peak, resident)
  }
  const timer = setInterval(sample, samplePeriod)
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearInterval(timer)
  const ms = performance.now() - started
  return { ms, cpu: [...cpu.values()].reduce((a, b) => a + b, 0), peak: peak / 1024 / 1024, exitCode, output }
}

interface ProcessState {
  readonly pid: number
  readonly ms: number
  readonly bytes: number
}

function treeOf(root: number): ProcessState[] {
  const children = new Map<number, number[]>()
  const states = new Map<number, ProcessState>()
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid)) continue
    const fields = statOf(pid)
    if (fields === undefined) continue
    const parent = Number(fields[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
    const ticks = Number(fields[11]) + Number(fields[12])
    states.set(pid, { pid, ms: ticks * tickMs, bytes: Number(fields[21]) * 4096 })
  }
  const found: ProcessState[] = []
  const pending = [root]
  while (pending.length > 0) {
    const pid = pending.pop()!
    const state = states.get(pid)
    if (state !== undefined) found.push(state)
    pending.push(...(children.get(pid) ?? []))
  }
  return found
}

/** The fields of `/proc/<pid>/stat` after the name, which may hold anything. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** What a service's start took. */
export interface Start {
  /** From spawn to the line that says `listening`, in ms. */
  readonly ms: number
  /** Time its threads were running until then, in ms: what a quiet machine would show as time. */
  readonly cpu: number
  /** Resident memory at that moment, in MiB. */
  readonly resident: number
}

/** Starts a bundle on free ports, waits for its `listening` line and stops it. */
export async function measureStart(bundle: string, env: Readonly<Record<string, string>>): Promise<Start> {
  const started = performance.now()
  const child = spawn(process.execPath, [bundle], {
    env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    await listening(child)
    const ms = performance.now() - started
    return { ms, cpu: runTime(child.pid!), resident: (treeOf(child.pid!)[0]?.bytes ?? 0) / 1024 / 1024 }
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await ended
  }
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, fail) => {
    let said = ''
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('"msg":"listening"')) resolve()
      })
    }
    child.once('exit', (code) => fail(new Error(`ended with ${code} before it listened: ${said.slice(0, 2000)}`)))
  })
}

/** The scheduler's own account, in nanoseconds: `/proc/<pid>/stat` counts in steps of 10 ms. */
function runTime(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const spent = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  )
  return spent.reduce((a, b) => a + b, 0) / 1e6
}

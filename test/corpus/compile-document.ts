import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Severity } from '../../generator/model/diagnostic.ts'
import { sourceCondition } from '../support/repository.ts'

export interface CompileFinding {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  /** `file:line/json/pointer` */
  readonly place: string
}

export interface Compiled {
  /** Undefined where nothing is emitted, not even with `--lenient`. */
  readonly folder: string | undefined
  /** The operations that `--lenient` left out, as `GET /orders`; undefined where the document compiles as it is. */
  readonly leftOut: readonly string[] | undefined
  /** Operations that no request can be told to mean; they are left out with a warning. */
  readonly unreachable: readonly string[]
  readonly operations: number
  /** Of the document as it is. */
  readonly findings: readonly CompileFinding[]
  readonly milliseconds: number
  readonly peakMebibytes: number
  readonly emittedBytes: number
  readonly bundleBytes: number
}

const worker = fileURLToPath(new URL('compile-worker.ts', import.meta.url))

/**
 * Compiles one document in a process of its own.
 * @param document relative to `root`
 * @param timeout milliseconds; issue 3 allows no document more than a minute
 * @throws Error where the compiler throws, hangs or runs out of memory
 */
export function compileDocument(root: string, document: string, out: string, timeout = 60_000): Promise<Compiled> {
  return new Promise((resolve, fail) => {
    const child = fork(worker, [root, document, out], {
      execArgv: [sourceCondition, '--max-old-space-size=2048'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let said = ''
    let compiled: Compiled | undefined
    const timer = setTimeout(() => {
      said = `no result in ${timeout} ms`
      child.kill('SIGKILL')
    }, timeout)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.on('message', (message) => {
      compiled = message as Compiled
    })
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      if (compiled === undefined) fail(new Error(`the compiler ended with ${signal ?? code}: ${said.slice(0, 2000)}`))
      else resolve(compiled)
    })
  })
}

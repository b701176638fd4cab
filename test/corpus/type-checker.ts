import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sourceCondition } from '../support/repository.ts'

const worker = fileURLToPath(new URL('type-check-worker.ts', import.meta.url))

/** Checks emitted services under their own tsconfig.json (strict), one after another in a process of its own. */
export class TypeChecker {
  #child: ChildProcess | undefined
  #queue: Promise<unknown> = Promise.resolve()

  /** @returns what is wrong with the service in `folder`, as `file:line TScode message`; at most 50 */
  check(folder: string): Promise<string[]> {
    const result = this.#queue.then(() => this.#ask(folder))
    this.#queue = result.catch(() => undefined)
    return result
  }

  stop(): void {
    this.#child?.kill()
    this.#child = undefined
  }

  #ask(folder: string): Promise<string[]> {
    this.#child ??= fork(worker, { execArgv: [sourceCondition, '--max-old-space-size=4096'] })
    const child = this.#child
    return new Promise((resolve, fail) => {
      const ended = (): void => {
        this.#child = undefined
        fail(new Error('the type checker ended'))
      }
      child.once('exit', ended)
      child.once('message', (message) => {
        child.off('exit', ended)
        resolve((message as { diagnostics: string[] }).diagnostics)
      })
      child.send(folder)
    })
  }
}

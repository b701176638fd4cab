import type { Worker } from 'node:cluster'
import { type Answering, WorkerChannel } from '../../store/worker-channel.ts'

/** What a worker tells first: where it listens, or all that keeps it from starting. */
export type Birth = { readonly url: string } | { readonly problems: readonly string[] }

/** One worker, as its primary sees it. */
export class WorkerProcess {
  readonly id: number
  readonly channel: WorkerChannel
  /** Resolves with what it tells first; undefined where it ended before. */
  readonly born: Promise<Birth | undefined>
  /** Resolves when the process is gone, with how it ended. */
  readonly ended: Promise<string>
  isServing = false
  readonly startedAt = performance.now()
  readonly #worker: Worker

  /** @param answer what it asks of the primary, beside its birth */
  constructor(worker: Worker, answer: Answering) {
    this.id = worker.id
    this.#worker = worker
    const birth = Promise.withResolvers<Birth | undefined>()
    const end = Promise.withResolvers<string>()
    this.born = birth.promise
    this.ended = end.promise
    this.channel = new WorkerChannel(
      (parcel) => void worker.send(parcel, () => {}),
      (subject, question) => {
        if (subject !== 'born') return answer(subject, question)
        this.isServing = 'url' in (question as Birth)
        birth.resolve(question as Birth)
        return true
      },
    )
    worker.on('message', (parcel) => this.channel.receive(parcel))
    // A channel that breaks is noticed as the end of the process.
    worker.on('error', () => {})
    worker.once('exit', (code, signal) => {
      this.isServing = false
      this.channel.close()
      birth.resolve(undefined)
      end.resolve(signal ?? `code ${code}`)
    })
  }

  get pid(): number | undefined {
    return this.#worker.process.pid
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL')
  }
}

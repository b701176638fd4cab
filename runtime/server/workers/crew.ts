import type { Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import { lastingMetrics, type MetricsSnapshot } from '../metrics.ts'
import type { ServiceLog } from '../service-log.ts'
import type { Answers } from './answers.ts'
import { type Birth, WorkerProcess } from './worker-process.ts'

/** A worker that served at least this long (ms) ended by accident; one that did not may do it again at once. */
const settledAfter = 10_000
/** Pauses before a worker is replaced that ended too early: doubled each time up to the longest, in ms. */
const firstPause = 100
const longestPause = 10_000
/** Beyond the drain, before a worker that does not end is killed, in ms. */
const grace = 5_000

/** The workers of a service: as many as wanted, each replaced when it ends. */
export class Crew {
  restarts = 0
  isStopping = false
  readonly #fork: () => Worker
  readonly #answers: Answers
  readonly #log: ServiceLog
  readonly #drain: number
  readonly #workers = new Set<WorkerProcess>()
  /** What each worker counted when it was last asked, and those that are gone. */
  readonly #numbers = new Map<number, MetricsSnapshot>()
  #departed: MetricsSnapshot = []
  #early = 0

  /** @param drain how long workers may take to end, in ms */
  constructor(fork: () => Worker, answers: Answers, log: ServiceLog, drain: number) {
    this.#fork = fork
    this.#answers = answers
    this.#log = log
    this.#drain = drain
  }

  /** Those that serve, the oldest first. */
  get serving(): readonly WorkerProcess[] {
    return [...this.#workers].filter((worker) => worker.isServing)
  }

  /** Starts one; resolves with what it tells first. */
  async start(): Promise<Birth | undefined> {
    const worker: WorkerProcess = new WorkerProcess(this.#fork(), (subject, question) => {
      if (subject === 'farewell') return this.#numbers.set(worker.id, question as MetricsSnapshot) !== undefined
      return this.#answers.answer(subject, question, worker.id, () => this.serving.filter((one) => one !== worker))
    })
    this.#workers.add(worker)
    void worker.ended.then((how) => this.#ended(worker, how))
    return worker.born
  }

  /** Starts what is missing to `count`, and keeps that many from now on. */
  async fill(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count - this.#workers.size }, () => this.start()))
    this.#isWatching = true
    // Who ended before anybody watched.
    for (let missing = count - this.#workers.size; missing > 0; missing--) void this.#replace(firstPause)
  }

  #isWatching = false

  /** The numbers of all workers, those that are gone included where they only grow. */
  async snapshots(): Promise<MetricsSnapshot[]> {
    const { serving } = this
    const asked = await Promise.allSettled(serving.map(({ channel }) => channel.ask('snapshot', null, 5_000)))
    asked.forEach((reply, i) => {
      if (reply.status === 'fulfilled') this.#numbers.set(serving[i]!.id, reply.value as MetricsSnapshot)
    })
    return [this.#departed, ...this.#numbers.values()]
  }

  /** Lets all finish what they have accepted; resolves when they are gone. */
  async stop(): Promise<void> {
    this.isStopping = true
    const all = [...this.#workers]
    for (const { channel } of all) channel.ask('stop', null).catch(() => {})
    const gone = Promise.all(all.map(({ ended }) => ended))
    await Promise.race([gone, sleep(this.#drain + grace, undefined, { ref: false })])
    this.kill()
    await gone
  }

  kill(): void {
    this.isStopping = true
    for (const worker of this.#workers) worker.kill()
  }

  #ended(worker: WorkerProcess, how: string): void {
    this.#workers.delete(worker)
    this.#answers.gone(worker.id)
    void this.#keep(worker.id)
    if (this.isStopping || !this.#isWatching) return
    const lived = performance.now() - worker.startedAt
    this.#early = lived >= settledAfter ? 0 : this.#early + 1
    const pause = this.#early <= 1 ? 0 : Math.min(firstPause * 2 ** (this.#early - 2), longestPause)
    this.#log.error({ worker: worker.pid, how, pause, left: this.serving.length }, 'a worker ended; it is replaced')
    void this.#replace(pause)
  }

  async #replace(pause: number): Promise<void> {
    await sleep(pause, undefined, { ref: false })
    if (this.isStopping) return
    this.restarts++
    const birth = await this.start()
    if (birth !== undefined && 'problems' in birth) {
      this.#log.error({ problems: birth.problems }, 'a worker cannot start')
    }
  }

  /** What a worker has counted stays counted when it is gone. */
  async #keep(id: number): Promise<void> {
    const last = this.#numbers.get(id)
    this.#numbers.delete(id)
    if (last !== undefined) this.#departed = await lastingMetrics([this.#departed, last])
  }
}

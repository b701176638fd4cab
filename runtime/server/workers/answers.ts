import { holderOf, newsPrefix, workerGone } from '../../store/worker-store.ts'
import type { Router } from '../router.ts'
import type { WorkerProcess } from './worker-process.ts'

/** What the primary answers its workers: states it holds for all, and news that it passes on. */
export class Answers {
  readonly #routes: Router
  #isWhole = false

  constructor(routes: Router) {
    this.#routes = routes
  }

  /** @param others who hears news */
  answer(subject: string, question: unknown, from: number, others: () => readonly WorkerProcess[]): unknown {
    if (subject.startsWith(newsPrefix)) return spread(subject, question, others())
    const holder = holderOf(subject) ?? this.#late(subject)
    if (holder === undefined) throw new Error(`nobody holds ${subject}`)
    return holder.answer(question, from)
  }

  gone(worker: number): void {
    workerGone(worker)
  }

  /** Operations are put together when they are first asked for: here nobody asks but the workers. */
  #late(subject: string) {
    if (this.#isWhole) return undefined
    this.#isWhole = true
    for (const operation of this.#routes.operations) operation.load?.()
    return holderOf(subject)
  }
}

/** What those replied who heard it. Who cannot be asked has no state that could be wrong for long: it is on its way out. */
async function spread(subject: string, news: unknown, others: readonly WorkerProcess[]): Promise<unknown[]> {
  const replies = await Promise.allSettled(others.map(({ channel }) => channel.ask(subject, news, 1_000)))
  return replies.filter((reply) => reply.status === 'fulfilled').map(({ value }) => value)
}

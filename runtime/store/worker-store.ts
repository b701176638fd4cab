import { WorkerChannel } from './worker-channel.ts'

/**
 * What the processes of one service (`WORKERS=2`) know together. The primary process evaluates the same composition as its
 * workers and serves nobody: so it has the same instances of every policy, and theirs is the state that counts.
 */
export interface Holder<Question, Reply> {
  /** Answers a worker; called in the primary only. Question and reply must survive JSON. */
  answer(question: Question, worker: number): Reply | Promise<Reply>
  /** A worker has ended: what it holds is free again. */
  gone?(worker: number): void
}

/** @throws StoreError where the primary cannot be asked */
export type AskPrimary<Question, Reply> = (question: Question) => Promise<Reply>

/** Resolves with what the others replied, once all of them have heard it (or are gone). Never rejects. */
export type TellWorkers<News, Reply> = (news: News) => Promise<Reply[]>

/** The variable that tells a process that it is a worker; set by the primary. */
export const workerVariable = 'SPECGATE_WORKER'
/** Subjects of news: told to every worker but the one it comes from. */
export const newsPrefix = 'news '

const holders = new Map<string, Holder<unknown, unknown>>()
const listeners = new Map<string, (news: unknown) => unknown>()
let link: WorkerChannel | undefined

/** Whether this process is one of several that serve together. */
export function isWorker(): boolean {
  return process.env[workerVariable] !== undefined && process.send !== undefined
}

/**
 * Lets the primary process hold a state for all workers.
 * @param id tells it from all others of the service, and is the same in every process: emitted, never counted at run time
 * @returns how to ask; undefined where this process is no worker: then what it has itself is all there is
 */
export function heldByPrimary<Question, Reply>(
  id: string,
  holder: Holder<Question, Reply>,
): AskPrimary<Question, Reply> | undefined {
  if (!isWorker()) {
    holders.set(id, holder as Holder<unknown, unknown>)
    return undefined
  }
  const channel = workerChannel()
  return (question) => channel.ask(id, question) as Promise<Reply>
}

/**
 * Lets what happens in one worker be heard in all others.
 * @param id see {@link heldByPrimary}
 * @param hear called in every other worker; what it returns goes back to who told
 * @returns how to tell; undefined where there is nobody else
 */
export function heardByWorkers<News, Reply>(
  id: string,
  hear: (news: News) => Reply | Promise<Reply>,
): TellWorkers<News, Reply> | undefined {
  if (!isWorker()) return undefined
  const channel = workerChannel()
  listeners.set(newsPrefix + id, hear as (news: unknown) => unknown)
  return (news) => (channel.ask(newsPrefix + id, news) as Promise<Reply[]>).catch(() => [])
}

/** A worker's connection with the primary. */
export function workerChannel(): WorkerChannel {
  if (link !== undefined) return link
  const channel = new WorkerChannel(
    (parcel) => void process.send!(parcel, () => {}),
    (subject, question) => {
      const listener = listeners.get(subject)
      if (listener === undefined) throw new Error(`nobody listens to ${subject}`)
      return listener(question)
    },
  )
  process.on('message', (parcel) => channel.receive(parcel))
  process.once('disconnect', () => channel.close())
  link = channel
  return channel
}

/** In a worker: answers what the primary asks. */
export function answersPrimary(subject: string, answer: (question: unknown) => unknown): void {
  listeners.set(subject, answer)
}

/** In the primary: who holds a state; undefined where nobody does. */
export function holderOf(id: string): Holder<unknown, unknown> | undefined {
  return holders.get(id)
}

/** In the primary: a worker has ended. */
export function workerGone(worker: number): void {
  for (const holder of holders.values()) holder.gone?.(worker)
}

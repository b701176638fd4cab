import { StoreError } from './store-error.ts'

/** `ask` wants a reply; `reply` and `error` answer it by its number. */
type Message =
  | readonly [kind: 'ask', id: number, subject: string, question: unknown]
  | readonly [kind: 'reply', id: number, value: unknown]
  | readonly [kind: 'error', id: number]

/** What goes over the wire between the processes of a service: everything said in one turn of the event loop. */
export interface Parcel {
  readonly specgate: readonly Message[]
}

/** Answers what the other side asks. A throw (or rejection) tells it only that there is no answer. */
export type Answering = (subject: string, question: unknown) => unknown

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: StoreError) => void
  readonly dueAt: number
}

/** How often unanswered questions are looked at, in ms. */
const tick = 250

/** Questions and answers between two processes. What is said in one turn of the event loop goes as one message. */
export class WorkerChannel {
  readonly #post: (parcel: Parcel) => void
  readonly #answer: Answering
  readonly #pending = new Map<number, Pending>()
  #outgoing: Message[] = []
  #next = 0
  #clock: NodeJS.Timeout | undefined
  #isClosed = false

  /** @param post hands a parcel to the other process; may throw where that is gone */
  constructor(post: (parcel: Parcel) => void, answer: Answering) {
    this.#post = post
    this.#answer = answer
  }

  /** @throws StoreError `down` where the other side is gone or has no answer, `slow` where none came in time */
  ask(subject: string, question: unknown, timeout = 2_000): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new StoreError('down'))
    const id = this.#next++
    this.#say(['ask', id, subject, question])
    this.#clock ??= setInterval(() => this.#check(), tick).unref()
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, dueAt: performance.now() + timeout })
    })
  }

  /** Takes what came from the other process; anything else that came is left alone. */
  receive(parcel: unknown): void {
    const messages = (parcel as Partial<Parcel> | null)?.specgate
    if (messages === undefined) return
    for (const message of messages) {
      if (message[0] === 'ask') this.#take(message[1], message[2], message[3])
      else this.#settle(message)
    }
  }

  /** The other process is gone: nothing that was asked will be answered. */
  close(): void {
    this.#isClosed = true
    clearInterval(this.#clock)
    for (const { reject } of this.#pending.values()) reject(new StoreError('down'))
    this.#pending.clear()
  }

  #take(id: number, subject: string, question: unknown): void {
    try {
      const reply = this.#answer(subject, question)
      if (reply instanceof Promise) {
        reply.then(
          (value) => this.#say(['reply', id, value]),
          () => this.#say(['error', id]),
        )
      } else this.#say(['reply', id, reply])
    } catch {
      this.#say(['error', id])
    }
  }

  #settle(message: readonly ['reply', number, unknown] | readonly ['error', number]): void {
    const pending = this.#pending.get(message[1])
    if (pending === undefined) return
    this.#pending.delete(message[1])
    if (message[0] === 'reply') pending.resolve(message[2])
    else pending.reject(new StoreError('down'))
  }

  #say(message: Message): void {
    if (this.#isClosed) return
    if (this.#outgoing.push(message) === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const parcel: Parcel = { specgate: this.#outgoing }
    this.#outgoing = []
    if (this.#isClosed) return
    try {
      this.#post(parcel)
    } catch {
      this.close()
    }
  }

  #check(): void {
    const now = performance.now()
    for (const [id, { dueAt, reject }] of this.#pending) {
      if (now < dueAt) continue
      this.#pending.delete(id)
      reject(new StoreError('slow'))
    }
    if (this.#pending.size > 0) return
    clearInterval(this.#clock)
    this.#clock = undefined
  }
}

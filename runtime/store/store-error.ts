/**
 * Why a store did not do what it was asked: it is `down`; it is `slow` (no answer in time, or too much under way already);
 * it is `full` (its memory's limit); it `refused` the command; it does not know a script (`no-script`).
 */
export type StoreFailure = 'down' | 'slow' | 'full' | 'refused' | 'no-script'

export class StoreError extends Error {
  readonly kind: StoreFailure
  /** The first word of the server's reply, e.g. `WRONGTYPE`; never an argument. */
  readonly reply: string

  constructor(kind: StoreFailure, reply = '') {
    super(`The store is ${kind}.`)
    this.name = 'StoreError'
    this.kind = kind
    this.reply = reply
  }
}

export function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const { name, message } = error as Error
  if (name !== 'ReplyError') return new StoreError('down')
  const [word = ''] = /^[A-Z]+/.exec(message) ?? []
  if (word === 'NOSCRIPT') return new StoreError('no-script', word)
  // A script that runs out of memory says so inside another error.
  if (word === 'OOM' || /\bOOM\b/.test(message)) return new StoreError('full', word)
  if (word === 'LOADING' || word === 'MASTERDOWN' || word === 'CLUSTERDOWN') return new StoreError('down', word)
  if (word === 'BUSY') return new StoreError('slow', word)
  return new StoreError('refused', word)
}

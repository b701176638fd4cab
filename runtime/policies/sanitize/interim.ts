import type { InterimSink } from '../../core/exchange.ts'
import type { Fields } from '../../core/headers.ts'

/** Lets interim answers (RFC 9110 §15.2) tell no more in their fields than the answer after them may. */
export class SanitizedInterim implements InterimSink {
  readonly #next: InterimSink
  readonly #kept: (fields: Fields) => Fields

  /** @param kept what of the fields goes on */
  constructor(next: InterimSink, kept: (fields: Fields) => Fields) {
    this.#next = next
    this.#kept = kept
  }

  sendInterim(status: number, headers: Fields): void {
    this.#next.sendInterim(status, this.#kept(headers))
  }
}

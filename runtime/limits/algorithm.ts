/** What a limit says to one request. Times are milliseconds from now. */
export interface Ruling {
  admitted: boolean
  /** Units left after this request, rounded down. */
  remaining: number
  /** How long no more than `remaining` can be had; where refused, until this request would be admitted. */
  effectiveMs: number
}

/** One way to count. `S` is what is kept for each caller: small, plain, of bounded size. */
export interface Algorithm<S> {
  /** After so long without a request a caller's state is as good as none, and may be forgotten. */
  readonly horizonMs: number
  fresh(now: number): S
  /**
   * Rules on a request and, where it is admitted, counts it; a refused one costs nothing.
   * @param now milliseconds of a clock that never jumps
   */
  take(state: S, cost: number, now: number, ruling: Ruling): void
  /** Takes back what `take` has just counted, as another limit refused the request after all. */
  giveBack(state: S, cost: number): void
  /** Units left, for choosing which state to forget. */
  remaining(state: S, now: number): number
}

export interface Rate {
  readonly quota: number
  readonly windowMs: number
}

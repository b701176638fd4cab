import type { Rate, Ruling } from './algorithm.ts'
import type { CalendarUnit } from './calendar.ts'

/** How a store counts; `day`, `week` and `month` are windows of the calendar. */
export type SharedAlgorithm = 'sliding-window' | 'token-bucket' | 'fixed-window' | CalendarUnit

/** One limit of one caller, as it is put to a store. */
export interface Asked {
  /** Tells limit and caller from all others of the service; no longer than 64 characters. */
  readonly key: string
  readonly algorithm: SharedAlgorithm
  readonly rate: SharedRate
}

export interface SharedRate extends Rate {
  readonly cost: number
  readonly burst?: number
}

/**
 * Where several processes count together. All limits of a request are one question, so that nothing comes between them:
 * each is counted, or none where one of them refuses.
 */
export interface CountStore {
  /**
   * Rules on each of them, in their order.
   * @param mode `look`: nothing is counted, as something else has refused the request already
   * @throws StoreError
   */
  rule(asked: readonly Asked[], mode: 'take' | 'look'): Promise<Ruling[]>
  /** Takes back what `rule` has counted, as something further in refused the request after all. */
  giveBack(asked: readonly Asked[]): Promise<unknown>
}

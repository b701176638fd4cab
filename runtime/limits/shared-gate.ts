import type { Exchange } from '../core/exchange.ts'
import { reject } from '../core/rejection.ts'
import { StoreError } from '../store/store-error.ts'
import type { CountStore } from './count-store.ts'
import type { Judgement } from './judgement.ts'
import type { Limit, SharedOptions } from './limit.ts'
import { giveBack, judgeLocally } from './local-judgement.ts'

/** What limits say of which some are counted in stores. */
export interface SharedJudgement {
  /** In the order of the limits. */
  readonly judgements: readonly Judgement[]
  /** One of them has refused: none has counted. */
  readonly isRefused: boolean
  /** Takes back what was counted. */
  readonly giveBack: () => void
}

/** The limits that one store counts: one question to it. */
interface Group {
  readonly counts: CountStore
  readonly members: readonly { readonly limit: Limit; readonly shared: SharedOptions }[]
}

/** How limits are judged that are counted in this process and in stores: each store is asked once. */
export function sharedJudge(limits: readonly Limit[]): (exchange: Exchange) => Promise<SharedJudgement> {
  const local = limits.filter(({ shared }) => shared === undefined)
  const groups = groupsOf(limits)
  return async (exchange) => {
    const given = new Map<Limit, Judgement>()
    const undo: (() => void)[] = []
    const giveAllBack = (): void => {
      for (const one of undo) one()
      undo.length = 0
    }
    const alone = (some: readonly Limit[]): void => {
      for (const one of judgeLocally(exchange, some)) {
        given.set(one.limit, one)
        undo.push(() => giveBack(one))
      }
    }
    const isRefused = (): boolean => [...given.values()].some(({ ruling }) => !ruling.admitted)
    alone(local)
    for (const group of groups) {
      const mode = isRefused() ? 'look' : 'take'
      try {
        for (const one of await ask(exchange, group, mode, undo)) given.set(one.limit, one)
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        const [first] = group.members
        exchange.record(first!.limit.policy, 'store-lost', { store: error.kind })
        // What has been refused anyway is not asked about once more.
        if (mode === 'look') continue
        if (group.members.every(({ shared }) => shared.onStoreError === 'open')) {
          alone(group.members.map(({ limit }) => limit))
          continue
        }
        giveAllBack()
        throw reject('service-unavailable', {
          detail: 'Requests cannot be counted at the moment.',
          headers: ['Retry-After', '1'],
          cause: error,
        })
      }
    }
    const refused = isRefused()
    if (refused) giveAllBack()
    const judgements = limits.map((limit) => given.get(limit)).filter((one) => one !== undefined)
    return { judgements, isRefused: refused, giveBack: giveAllBack }
  }
}

function groupsOf(limits: readonly Limit[]): Group[] {
  const stores = new Set(limits.flatMap(({ shared }) => (shared === undefined ? [] : [shared.counts])))
  return [...stores].map((counts) => ({
    counts,
    members: limits.flatMap((limit) => (limit.shared?.counts === counts ? [{ limit, shared: limit.shared }] : [])),
  }))
}

async function ask(
  exchange: Exchange,
  { counts, members }: Group,
  mode: 'take' | 'look',
  undo: (() => void)[],
): Promise<Judgement[]> {
  const asking = members.map(({ limit, shared }) => {
    const tier = limit.tierFor(exchange)
    const caller = limit.callerOf(exchange)
    return { limit, tier, caller, asked: limit.asked(shared.id, caller, tier) }
  })
  const questions = asking.map(({ asked }) => asked)
  const rulings = await counts.rule(questions, mode)
  if (mode === 'take' && rulings.every(({ admitted }) => admitted)) {
    undo.push(() => {
      asking.forEach(({ tier }, index) => {
        rulings[index]!.remaining += tier.rate.cost
      })
      // What cannot be given back is lost with its window.
      counts.giveBack(questions).catch(() => {})
    })
  }
  return asking.map(({ limit, tier, caller }, index) => ({ limit, tier, caller, ruling: rulings[index]! }))
}

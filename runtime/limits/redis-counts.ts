import type { RedisStore } from '../store/redis-store.ts'
import { countScript } from './count-script.ts'
import type { Asked, CountStore } from './count-store.ts'

/** Counts in Redis: all limits of a request are one script, so one round trip, by the clock of the store. */
export function redisCounts(store: RedisStore): CountStore {
  const run = (asked: readonly Asked[], mode: 'take' | 'look' | 'back'): Promise<unknown> =>
    store.script(
      countScript,
      asked.map(({ key }) => `limit:${key}`),
      [mode, ...asked.flatMap(argumentsOf)],
    )
  return {
    async rule(asked, mode) {
      const reply = (await run(asked, mode)) as number[]
      return asked.map((_, index) => {
        const [admitted, remaining, effectiveMs] = reply.slice(index * 3) as [number, number, number]
        return { admitted: admitted === 1, remaining, effectiveMs }
      })
    },
    giveBack: (asked) => run(asked, 'back'),
  }
}

function argumentsOf({ algorithm, rate: { quota, windowMs, cost, burst = quota } }: Asked): (string | number)[] {
  return [algorithm, quota, windowMs, cost, burst]
}

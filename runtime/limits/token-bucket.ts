import type { Algorithm, Rate } from './algorithm.ts'

export interface TokenBucketState {
  tokens: number
  at: number
}

/**
 * A bucket of `burst` tokens that fills evenly, `quota` in each `windowMs`: smooth on average, with bursts up to its size.
 * @param rate `burst` is the quota where it is not given
 */
export function tokenBucket({
  quota,
  windowMs,
  burst = quota,
}: Rate & { readonly burst?: number }): Algorithm<TokenBucketState> {
  const perMs = quota / windowMs
  const fill = (state: TokenBucketState, now: number): void => {
    // A caller whose plan has changed may have more left than the bucket now holds.
    state.tokens = Math.min(burst, state.tokens + Math.max(0, now - state.at) * perMs)
    // A clock that has gone back starts from where it was: else the way there would be filled twice.
    state.at = Math.max(state.at, now)
  }
  return {
    horizonMs: burst / perMs,
    fresh: (now) => ({ tokens: burst, at: now }),
    take(state, cost, now, ruling) {
      fill(state, now)
      // Sums of fractions end a hair under a whole token; a caller who waited as told must be let in.
      ruling.admitted = state.tokens + 1e-6 >= cost
      if (ruling.admitted) state.tokens = Math.max(0, state.tokens - cost)
      ruling.remaining = Math.floor(state.tokens + 1e-6)
      ruling.effectiveMs = ((ruling.admitted ? burst : cost) - state.tokens) / perMs
    },
    giveBack(state, cost) {
      state.tokens = Math.min(burst, state.tokens + cost)
    },
    remaining: (state, now) => Math.min(burst, state.tokens + Math.max(0, now - state.at) * perMs),
  }
}

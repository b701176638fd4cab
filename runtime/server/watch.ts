import type { Sentry } from '../core/sentry.ts'
import type { Turn } from './turn.ts'

/** Tells the sentry what became of requests. */
export interface Watch {
  saw(turn: Turn): void
  /** What was refused before it was a request. */
  refused(status: number, peer: string | undefined): void
}

/**
 * @param isPeerClient no proxy is trusted to speak for others: so a request that was refused before anybody could say who its
 * client is came from the peer. Otherwise it may have come from anybody behind a proxy, and counts for nobody.
 */
export function watch(sentry: Sentry, isPeerClient: boolean): Watch {
  return {
    saw({ problem, exchange, operation, client, request }) {
      if (problem === undefined) return
      const address = client ?? (isPeerClient ? request.socket.remoteAddress : undefined)
      if (address === undefined) return
      sentry.saw({ address, consumer: exchange?.consumer, problem, isRouted: operation !== undefined })
    },
    refused(status, peer) {
      if (status !== 431 || !isPeerClient || peer === undefined) return
      sentry.saw({ address: peer, consumer: undefined, problem: 'fields-too-large', isRouted: false })
    },
  }
}

import { parseTarget, type RequestTarget } from './request-target.ts'
import type { Match, Router } from './router.ts'

/** The parts of a target; recent ones are remembered, since what is asked for often is spelt the same way often. @throws Rejection 400 */
export function targetOf(routes: Router, url: string): RequestTarget {
  const known = routes.recent.get(url)
  if (known !== undefined) return known
  const target = parseTarget(url)
  routes.recent.keep(url, target)
  return target
}

/** What a target and method lead to. */
export function matchOf(routes: Router, target: RequestTarget, method: string): Match {
  if (target.found?.method === method) return target.found.match
  const match = routes.find(method, target.path)
  target.found = { method, match }
  return match
}

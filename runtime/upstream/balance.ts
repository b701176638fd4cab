import type { Target } from './target.ts'

/**
 * Smooth weighted round-robin over the targets that are up; backups only where no other is. Undefined: none is up.
 * A target stands still while it is marked down, and takes its turn again afterwards.
 */
export function balance(targets: readonly Target[]): () => Target | undefined {
  const primaries = targets.filter((target) => !target.backup)
  const backups = targets.filter((target) => target.backup)
  // Ejecting more than half would turn a shaky network into an outage; a single target is never ejected, only
  // a health check that the author asked for can say that it is down.
  const ejectable = Math.floor(targets.length / 2)
  for (const target of targets) target.mayEject = () => targets.filter((other) => !other.isUp()).length < ejectable
  if (targets.length === 1) {
    const only = targets[0]!
    return () => (only.isHealthy ? only : undefined)
  }
  const groups = [primaries, backups].map((group) => rotation(group))
  return () => groups[0]!() ?? groups[1]!()
}

function rotation(targets: readonly Target[]): () => Target | undefined {
  const credit = new Map(targets.map((target) => [target, 0]))
  return () => {
    let chosen: Target | undefined
    let total = 0
    for (const target of targets) {
      if (!target.isUp()) continue
      total += target.weight
      credit.set(target, credit.get(target)! + target.weight)
      if (chosen === undefined || credit.get(target)! > credit.get(chosen)!) chosen = target
    }
    if (chosen !== undefined) credit.set(chosen, credit.get(chosen)! - total)
    return chosen
  }
}

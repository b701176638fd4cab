import type { Exchange } from '../core/exchange.ts'

/** `Location` as callers may see it. */
export type Relocate = (location: string, exchange: Exchange) => string

interface Place {
  readonly origin: string
  readonly basePath: string
}

/**
 * Turns a location inside the upstream into the public one: absolute stays absolute, a path stays a path, and the
 * target's base path becomes the public base path. Locations elsewhere are left alone.
 */
export function publicLocation(targets: readonly Place[], basePath: string): Relocate {
  const base = basePath.replace(/\/$/, '')
  return (location, exchange) => {
    if (location.startsWith('/') && !location.startsWith('//')) return rebase(location, targets, base)
    const own = `${exchange.secure ? 'https:' : 'http:'}//${exchange.host}`
    const url = URL.canParse(location, 'http://relative.invalid')
      ? new URL(location, 'http://relative.invalid')
      : undefined
    if (url === undefined) return location
    const inside = targets.filter((target) => new URL(target.origin).host === url.host)
    if (inside.length === 0) return location
    return own + rebase(url.pathname + url.search + url.hash, inside, base)
  }
}

function rebase(path: string, targets: readonly Place[], base: string): string {
  for (const { basePath } of targets) {
    if (basePath === '') return base + path
    const next = path[basePath.length]
    if (path.startsWith(basePath) && (next === undefined || '/?#'.includes(next)))
      return base + path.slice(basePath.length)
  }
  return path
}

import type { SpecNode } from '../../model/spec-node.ts'
import type { VocabularyLevel } from '../../model/vocabulary.ts'
import { nearest } from '../../report/nearest.ts'
import type { Reporter } from '../../report/reporter.ts'
import type { KnownKey } from './keys.ts'
import { levelWords } from './level.ts'
import type { OptionFindings } from './options.ts'
import { type Placed, placed } from './placed.ts'

/** What plans may override, by key of `x-proxy`. */
export const planKeys = ['rateLimit', 'quota'] as const

/** A plan overrides limits that are there: `consumers.<plan>.rateLimit.<name>`. @param limits as `<key> <name>` */
export function checkPlans(block: Placed, limits: ReadonlySet<string>, reporter: Reporter): void {
  for (const plan of block.members?.get('consumers')?.members?.values() ?? []) {
    for (const key of planKeys) {
      for (const [name, override] of plan.members?.get(key)?.members ?? []) {
        if (limits.has(`${key} ${name}`)) continue
        const known = [...limits].filter((one) => one.startsWith(`${key} `)).map((one) => one.slice(key.length + 1))
        const near = nearest(name, known)
        const gaps = { kind: key === 'quota' ? key : 'limit', name, ...(near === undefined ? {} : { nearest: near }) }
        reporter.report('unknown-name', override.key, gaps)
      }
    }
  }
}

/** Names that `x-proxy` keys refer to must be there: the upstream's, and the groups of `use`. */
export function checkNames(block: Placed, root: SpecNode, reporter: Reporter): void {
  const upstream = block.members?.get('upstream')
  const named = upstream?.members === undefined ? upstream : upstream.members.get('name')
  if (named !== undefined) check(named, 'upstream', upstreamNames(root), reporter)
  for (const store of storesOf(block)) check(store, 'store in components.x-proxy.stores', storeNames(root), reporter)
  const groups = root.at('components')?.at('x-proxy')?.at('policies')?.entries() ?? []
  for (const item of block.members?.get('use')?.items ?? []) {
    check(
      item,
      'group in components.x-proxy.policies',
      groups.map(([name]) => name),
      reporter,
    )
  }
}

/** Every `store` of a policy: `cache.store`, `rateLimit.<name>.store`. */
function storesOf(block: Placed): Placed[] {
  const named = ['rateLimit', 'quota'].flatMap((key) => [...(block.members?.get(key)?.members?.values() ?? [])])
  const policies = [...['cache', 'concurrency', 'protect'].map((key) => block.members?.get(key)), ...named]
  return policies.map((policy) => policy?.members?.get('store')).filter((store) => store !== undefined)
}

/** `memory` is there without being declared. */
function storeNames(root: SpecNode): string[] {
  const declared = root.at('components')?.at('x-proxy')?.at('stores')?.entries() ?? []
  return ['memory', ...declared.map(([name]) => name)]
}

function check(value: Placed, kind: string, known: readonly string[], reporter: Reporter): void {
  if (typeof value.scalar !== 'string' || known.includes(value.scalar)) return
  const near = nearest(value.scalar, known)
  reporter.report('unknown-name', value.place, {
    kind,
    name: value.scalar,
    ...(near === undefined ? {} : { nearest: near }),
  })
}

/** `upstreams.<name>`, the names of servers (OpenAPI 3.2), and `default`, which `servers` give. */
function upstreamNames(root: SpecNode): string[] {
  const declared = root.at('x-proxy')?.at('upstreams')?.entries() ?? []
  const servers = root.get('servers')?.items() ?? []
  return [
    ...declared.map(([name]) => name),
    ...servers.flatMap((server) => server.resolve().at('name')?.string ?? []),
    'default',
  ]
}

/** What a group says must be allowed where the group is used. */
export function checkUses(
  block: Placed,
  level: VocabularyLevel,
  root: SpecNode,
  keys: readonly KnownKey[],
  findings: OptionFindings,
  reporter: Reporter,
): void {
  const groups = root.at('components')?.at('x-proxy')?.at('policies')
  for (const item of block.members?.get('use')?.items ?? []) {
    const group = typeof item.scalar === 'string' ? groups?.at(item.scalar) : undefined
    for (const [key, value] of group?.entries() ?? []) {
      const named = keys.filter((known) => known.key === key)
      const levels = named.flatMap((known) => known.levels)
      const here = named.find((known) => known.levels.includes(level))
      // The compiler's own keys may say less on an operation than on a document: `server`.
      if (here !== undefined && !here.policy)
        findings.check(here.options, placed(value, value.place, undefined), [key], 'partial')
      if (here !== undefined || named.length === 0) continue
      const gaps = {
        key: `${item.scalar}.${key}`,
        level: levelWords[level],
        levels: levels.map((one) => levelWords[one]),
      }
      reporter.report('wrong-level', item.place, gaps, [{ place: value.place, message: 'what it brings' }])
    }
  }
}

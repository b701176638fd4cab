import { type Fields, fieldValue } from '../core/headers.ts'
import type { Operation } from '../core/operation.ts'
import { eachPair, pairName } from '../validation/query.ts'

/** What a request must bring to be meant: `/rest?method=list` asks for a query parameter, some contracts for a field. */
export interface Condition {
  readonly in: 'query' | 'header'
  readonly name: string
  /** Absent: any value. */
  readonly value?: string
}

export interface Choice {
  readonly when: readonly Condition[]
  readonly operation: Operation
}

/**
 * Several operations of one path and method, told apart by what else a request has. The one that asks for most is tried
 * first; one that asks for nothing takes what is left.
 */
export function selection(choices: readonly Choice[]): Operation {
  const ordered = [...choices].sort((a, b) => b.when.length - a.when.length || exact(b) - exact(a))
  const { id, method, path, bodyLimit, requestId } = ordered.at(-1)!.operation
  const { open, byValue } = indexed(ordered)
  const telling = choices.flatMap(({ when }) => when.filter((one) => one.in === 'query' && one.value !== undefined))
  return {
    id,
    method,
    path,
    bodyLimit,
    requestId,
    among: choices.map(({ operation }) => operation),
    choose: (query, headers) => {
      const given = valuesOf(query)
      // Given twice, it could mean one operation here and another to the upstream.
      if (telling.some(({ name }) => (given.get(name)?.length ?? 0) > 1)) return undefined
      let best: Ranked | undefined
      for (const list of [open, ...[...byValue].map(([name, values]) => values.get(given.get(name)?.[0] ?? ''))]) {
        const found = list?.find(({ when }) => when.every((condition) => holds(condition, given, headers)))
        if (found !== undefined && (best === undefined || found.rank < best.rank)) best = found
      }
      return best?.operation
    },
    // Never met: whoever routes chooses first.
    handle: () => {
      throw new Error('an operation must be chosen')
    },
  }
}

interface Ranked extends Choice {
  readonly rank: number
}

/** By the value of the first parameter that must have one: contracts tell hundreds of operations apart by `Action`. */
function indexed(ordered: readonly Choice[]): { open: Ranked[]; byValue: Map<string, Map<string, Ranked[]>> } {
  const open: Ranked[] = []
  const byValue = new Map<string, Map<string, Ranked[]>>()
  for (const [rank, choice] of ordered.entries()) {
    const first = choice.when.find((one) => one.in === 'query' && one.value !== undefined)
    const values = first === undefined ? undefined : (byValue.get(first.name) ?? new Map<string, Ranked[]>())
    const list = values === undefined ? open : (values.get(first!.value!) ?? [])
    list.push({ ...choice, rank })
    if (values === undefined) continue
    values.set(first!.value!, list)
    byValue.set(first!.name, values)
  }
  return { open, byValue }
}

function exact({ when }: Choice): number {
  return when.filter(({ value }) => value !== undefined).length
}

function valuesOf(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>()
  eachPair(query, (rawName, raw) => {
    const name = pairName(rawName)
    const value = pairName(raw)
    if (name === undefined || value === undefined) return
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  })
  return values
}

function holds({ in: place, name, value }: Condition, query: Map<string, string[]>, headers: Fields): boolean {
  if (place === 'header') {
    const found = fieldValue(headers, name)
    return found !== undefined && (value === undefined || found === value)
  }
  const found = query.get(name)
  return found !== undefined && (value === undefined || found[0] === value)
}

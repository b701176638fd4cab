import type { ScalarTest } from './judge-node.ts'
import { KeyTable, type Named } from './key-table.ts'

/** Strings that some parts ask for, and the parts, as bits, that each of them breaks. */
export interface AskedStrings {
  readonly table: KeyTable<Named & { readonly broken: number }>
  readonly brokenByOthers: number
}

export function askedStrings(words: readonly ScalarTest[]): AskedStrings {
  const broken = (value: unknown) =>
    words.reduce((bits, { bit, values }) => (values!.has(value) ? bits : bits | bit), 0)
  // What is not well-formed is only written with escapes.
  const all = new Set(words.flatMap(({ values }) => [...values!]))
  const names = [...all].filter((value) => typeof value === 'string' && value.isWellFormed()) as string[]
  return {
    table: new KeyTable(names.map((name) => ({ name, broken: broken(name) }))),
    brokenByOthers: broken(undefined),
  }
}

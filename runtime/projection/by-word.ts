import type { ShapeAlternative, ShapeChoice } from './shape.ts'

/** The alternatives that a discriminator names. @param word what stands in it, whatever that is */
export function byWord({ of, otherwise }: ShapeChoice, word: unknown): readonly ShapeAlternative[] {
  const text = typeof word === 'string' ? word : typeof word === 'number' || typeof word === 'boolean' ? `${word}` : ''
  const named = of.filter(({ words }) => words?.includes(text) === true)
  if (named.length > 0 || otherwise === undefined) return named
  return of.filter(({ words }) => words?.includes(otherwise) === true)
}

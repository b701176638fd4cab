/** The mend of a misspelt name. */
export function didYouMean({ nearest }: { nearest?: string }): string | undefined {
  return nearest === undefined ? undefined : `Did you mean "${nearest}"?`
}

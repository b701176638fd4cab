/** Lengths from which on it matters that nobody looks at every character. */
export const longStandIn = 64 * 1024
/** Longer is as good as so long. */
const longest = 2 ** 28

const known = new Map<number, string>()

/**
 * A text that stands for a content of which only the length is known, so that a schema can judge it. A long one takes no
 * room as long as nobody reads its characters: whoever counts them asks {@link isStandIn}.
 */
export function standIn(length: number): string {
  if (length < longStandIn) return '\0'.repeat(length)
  const units = Math.min(length, longest)
  let text = known.get(units)
  if (text === undefined) known.set(units, (text = '\0'.repeat(units)))
  return text
}

/** Whether a long text is one of them: the very same, which takes no look at what is in it. */
export function isStandIn(text: string): boolean {
  return known.size > 0 && known.get(text.length) === text
}

/** To be called when the judgement is over. */
export function forgetStandIns(): void {
  known.clear()
}

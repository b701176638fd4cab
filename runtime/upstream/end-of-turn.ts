/** Something that waits until all has been read that has come for this turn of the event loop. */
export interface Departing {
  depart(): void
}

let waiting: Departing[] = []

/**
 * Lets go at the end of the turn, all at once: one immediate serves everything that has been read in it. That costs no time,
 * since nothing else is to be waited for, and less CPU than writing between reads: measured up to a tenth of a request under load.
 */
export function departAtEndOfTurn(departing: Departing): void {
  if (waiting.push(departing) === 1) setImmediate(departAll)
}

function departAll(): void {
  const all = waiting
  waiting = []
  for (const departing of all) departing.depart()
}

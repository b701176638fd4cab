/** What waits until this turn of the event loop has been read to its end. */
interface Departing {
  depart(): void
}

let waiting: Departing[] = []

/**
 * Sends a request on a kept connection once everything has been looked at that has come by now: an end of that connection, or
 * an answer nobody asked for, may stand among it. One immediate serves all requests of a turn.
 */
export function departSoon(departing: Departing): void {
  if (waiting.push(departing) === 1) setImmediate(departAll)
}

function departAll(): void {
  const all = waiting
  waiting = []
  for (const departing of all) departing.depart()
}

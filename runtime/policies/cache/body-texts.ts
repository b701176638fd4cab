import type { BodyText } from '../../core/answer.ts'
import type { Entry } from './bucket.ts'

/** Bytes; making the text of a longer body is little beside writing it. */
const longest = 8 * 1024
/** How many are kept in a process: 4 MiB at most. */
const most = 512

/** Whose texts are kept; the oldest is the next to go. */
const keepers: (Entry | undefined)[] = new Array(most).fill(undefined)
let next = 0

/**
 * The text of a stored body, for an entry that is asked for often, so that it is made once: one text goes out more cheaply than
 * text and bytes, and making it is a thirtieth of a hit. Undefined for what is long.
 */
export function keptText(entry: Entry): BodyText | undefined {
  const { body } = entry.response
  if (body.length > longest) return undefined
  const before = keepers[next]
  if (before?.ready !== undefined) before.ready.text = undefined
  keepers[next] = entry
  next = (next + 1) % most
  return { bytes: body, text: body.toString('latin1') }
}

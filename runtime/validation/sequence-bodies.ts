import type { Fault } from '../core/problem.ts'
import type { BodyReader } from './body-readers.ts'
import { eventStream, jsonLines, jsonSequence, type Sequence } from './sequence.ts'

/** The value is the list of the items; one that cannot be read is undefined in it, and a fault. */
function sequenceBody(sequence: Sequence): BodyReader {
  return () => (bytes, _, limits) => {
    const value: unknown[] = []
    const faults: Fault[] = []
    for (let start = 0; start < bytes.length; ) {
      const cut = sequence.cut(bytes, start, start)
      const end = cut === -1 ? bytes.length : cut
      const item = sequence.read(bytes.subarray(start, end), limits)
      start = end
      if (item === undefined) continue
      if ('fault' in item && faults.length < mostFaults)
        faults.push({ ...item.fault, pointer: `/${value.length}${item.fault.pointer}` })
      value.push('fault' in item ? undefined : item.value)
    }
    return { value, faults }
  }
}

const mostFaults = 50

export const jsonLinesBody: BodyReader = /* @__PURE__ */ sequenceBody(jsonLines)
export const jsonSequenceBody: BodyReader = /* @__PURE__ */ sequenceBody(jsonSequence)
export const eventStreamBody: BodyReader = /* @__PURE__ */ sequenceBody(eventStream)

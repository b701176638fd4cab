import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameBoundaries } from './frame-boundaries.ts'

/** RFC 6455 §5.2, written from the other side. */
function frame(opcode: number, payload: number, isMasked: boolean): Buffer {
  const size = payload < 126 ? [payload] : payload < 65_536 ? [126, payload >> 8, payload & 255] : undefined
  const long = Buffer.alloc(9)
  long[0] = 127
  long.writeBigUInt64BE(BigInt(payload), 1)
  const length = size === undefined ? long : Buffer.from(size)
  if (isMasked) length[0]! |= 0x80
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, Buffer.alloc((isMasked ? 4 : 0) + payload, 0xff)])
}

describe('the boundaries of frames', () => {
  it('are found wherever the bytes are cut', () => {
    const frames = fc.array(
      fc.tuple(fc.constantFrom(0, 1, 2, 8, 9), fc.constantFrom(0, 1, 125, 126, 300, 65_536), fc.boolean()),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    fc.assert(
      fc.property(frames, fc.infiniteStream(fc.integer({ min: 1, max: 5_000 })), (list, sizes) => {
        const made = list.map(([opcode, payload, isMasked]) => frame(opcode, payload, isMasked))
        const ends = new Set<number>()
        let end = 0
        for (const one of made) ends.add((end += one.length))
        const bytes = Buffer.concat(made)
        const boundaries = new FrameBoundaries()
        const found = new Set<number>()
        for (let at = 0; at < bytes.length; ) {
          const chunk = bytes.subarray(at, at + sizes.next().value!)
          for (let inside = 0; inside < chunk.length; ) {
            inside = boundaries.take(chunk, inside)
            if (boundaries.isBetween) found.add(at + inside)
          }
          at += chunk.length
        }
        expect(found).toEqual(ends)
      }),
    )
  })
})

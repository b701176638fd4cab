/** Code points, as inclusive ranges. */
export type Ranges = readonly (readonly [number, number])[]

/** What the escapes of classes stand for (ECMA-262 §22.2.2.9). */
export const escapeClasses: Readonly<Record<string, Ranges>> = {
  d: [[0x30, 0x39]],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  s: [
    [0x09, 0x0d],
    [0x20, 0x20],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ],
}

export const lineEnds: Ranges = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
]

/** Everything else, up to `last`. */
export function without(ranges: Ranges, last: number): Ranges {
  const left: (readonly [number, number])[] = []
  let next = 0
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (from > next) left.push([next, from - 1])
    next = Math.max(next, to + 1)
  }
  if (next <= last) left.push([next, last])
  return left
}

export function overlap(a: Ranges, b: Ranges): boolean {
  return a.some(([from, to]) => b.some(([start, end]) => from <= end && start <= to))
}

const properties = new Map<string, Ranges>()

/** What a property escape stands for, by asking the engine: `\p{L}`. */
export function propertyRanges(written: string): Ranges {
  const known = properties.get(written)
  if (known !== undefined) return known
  const one = new RegExp(`^${written}$`, 'u')
  const ranges: [number, number][] = []
  for (let code = 0; code <= 0x10ffff; code++) {
    if (!one.test(String.fromCodePoint(code))) continue
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === code - 1) last[1] = code
    else ranges.push([code, code])
  }
  properties.set(written, ranges)
  return ranges
}

const durations: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const sizes: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** The written forms; option schemas refer to them as `format`. */
export const unitFormats = {
  duration: /^\d+(ms|s|m|h|d)$/,
  size: /^\d+(B|KiB|MiB|GiB)$/,
  share: /^(100|\d{1,2})%$/,
} as const

/** `250ms`, `5s`, `10m`, `1h`, `30d` → milliseconds. */
export function milliseconds(text: string): number {
  return measure(text, durations)
}

/** `5s` → 5. Shorter than a second is a fraction. */
export function seconds(text: string): number {
  return milliseconds(text) / 1000
}

/** `64KiB`, `1MiB` → bytes. */
export function bytes(text: string): number {
  return measure(text, sizes)
}

/** `50%` → 0.5. */
export function share(text: string): number {
  return Number(text.slice(0, -1)) / 100
}

function measure(text: string, units: Readonly<Record<string, number>>): number {
  const [, count, unit] = /^(\d+)([A-Za-z]+)$/.exec(text) ?? []
  const factor = unit === undefined ? undefined : units[unit]
  // 2-check refuses such text with its place, so this is our own bug.
  if (factor === undefined) throw new Error(`not a measure: ${text}`)
  return Number(count) * factor
}

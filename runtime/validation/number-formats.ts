/*
 * Formats of numbers (OpenAPI format registry). A 64-bit integer beyond 2^53 is judged by its digits: parsing marks the ones
 * that only rounding brings into the range (see json.ts), so that the comparison here is exact.
 */

export function int8(value: number): boolean {
  return Number.isInteger(value) && value >= -0x80 && value <= 0x7f
}

export function int16(value: number): boolean {
  return Number.isInteger(value) && value >= -0x8000 && value <= 0x7fff
}

export function int32(value: number): boolean {
  return Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff
}

export function int64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value <= 2 ** 63
}

export function uint8(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xff
}

export function uint16(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff
}

export function uint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff
}

export function uint64(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 2 ** 64
}

/** A double that is an integer every implementation can hold exactly (RFC 7159 §6). */
export function doubleInt(value: number): boolean {
  return Number.isSafeInteger(value)
}

/** Anything that rounds to a finite single. */
export function float(value: number): boolean {
  return Number.isFinite(Math.fround(value))
}

export function double(value: number): boolean {
  return Number.isFinite(value)
}

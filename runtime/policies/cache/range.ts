/** A part of a body: from `start` up to and without `end`. */
export interface Slice {
  readonly start: number
  readonly end: number
}

/**
 * RFC 9110 §14.1.2: the one range a request asks for, 'unsatisfiable', or undefined where the field is to be ignored:
 * another unit, a syntax error, or several ranges, which "a server MAY ignore" (§14.2).
 * @param length of the whole body in bytes
 */
export function readRange(text: string, length: number): Slice | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(text) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first === '') {
    const suffix = Number(last)
    if (suffix === 0 || length === 0) return 'unsatisfiable'
    return { start: Math.max(0, length - suffix), end: length }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return undefined
  if (start >= length) return 'unsatisfiable'
  return { start, end: last === '' ? length : Math.min(length, Number(last) + 1) }
}

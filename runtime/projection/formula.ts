/** Which parts, as bits, must hold for a schema to hold. */
export interface Formula {
  need: number
  readonly any: Formula[][]
  readonly one: Formula[][]
}

/** @param parts those that hold */
export function holds({ need, any, one }: Formula, parts: number): boolean {
  if ((parts & need) !== need) return false
  return (
    any.every((branches) => branches.some((branch) => holds(branch, parts))) &&
    one.every((branches) => branches.filter((branch) => holds(branch, parts)).length === 1)
  )
}

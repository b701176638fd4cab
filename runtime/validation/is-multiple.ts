/**
 * Whether a number is a multiple of another as people write them: 19.99 is a multiple of 0.01, though dividing the doubles
 * says otherwise. The keyword `multipleOf`.
 */
export function isMultiple(value: number, of: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(of)) return value % of === 0
  if (!Number.isFinite(value)) return false
  const a = decimal(value)
  const b = decimal(of)
  const exponent = Math.min(a.exponent, b.exponent)
  return (a.digits * 10n ** BigInt(a.exponent - exponent)) % (b.digits * 10n ** BigInt(b.exponent - exponent)) === 0n
}

/** The shortest decimal that reads back as this double: `digits × 10^exponent`. */
function decimal(value: number): { digits: bigint; exponent: number } {
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

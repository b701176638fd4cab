/** Digits that `1e9999` may become. */
const longest = 400

/**
 * A JSON number that is a whole one, as XML Schema writes integers: `1.0` and `10E-1` are `1`. Undefined where it is none,
 * or has more digits than anybody means.
 */
export function wholeNumber(text: string): string | undefined {
  if (!/[.eE]/.test(text)) return text === '-0' ? '0' : text
  const [, sign, whole, fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const places = Number(power)
  if (whole === undefined || Math.abs(places) > longest) return undefined
  const digits = whole + fraction
  const point = whole.length + places
  const before = point <= 0 ? '0' : digits.slice(0, point).padEnd(point, '0')
  const behind = point <= 0 ? digits : digits.slice(point)
  if (/[1-9]/.test(behind)) return undefined
  const plain = before.replace(/^0+(?=\d)/, '')
  return plain === '0' ? plain : `${sign}${plain}`
}

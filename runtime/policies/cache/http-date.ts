const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

// RFC 9110 §5.6.7. The grammar is case-sensitive; recipients that ignore case lose nothing by it.
const imfFixdate = /^(?:mon|tue|wed|thu|fri|sat|sun), (\d\d) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) gmt$/i
const rfc850 =
  /^(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday), (\d\d)-([a-z]{3})-(\d\d) (\d\d):(\d\d):(\d\d) gmt$/i
const asctime = /^(?:mon|tue|wed|thu|fri|sat|sun) ([a-z]{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/i

/** Milliseconds since 1970 of an HTTP date in one of its three forms, or undefined where it is none of them. */
export function readHttpDate(text: string, now: number): number | undefined {
  const fix = imfFixdate.exec(text)
  if (fix !== null) return moment(fix[3]!, fix[2]!, fix[1]!, fix[4]!, fix[5]!, fix[6]!)
  const old = rfc850.exec(text)
  if (old !== null) return moment(fullYear(old[3]!, now), old[2]!, old[1]!, old[4]!, old[5]!, old[6]!)
  const c = asctime.exec(text)
  return c === null ? undefined : moment(c[6]!, c[1]!, c[2]!, c[3]!, c[4]!, c[5]!)
}

/** §5.6.7: two digits that "appear to be more than 50 years in the future" mean "the most recent year in the past". */
function fullYear(digits: string, now: number): string {
  const thisYear = new Date(now).getUTCFullYear()
  const year = thisYear - (thisYear % 100) + Number(digits)
  return String(year > thisYear + 50 ? year - 100 : year)
}

function moment(year: string, month: string, day: string, hour: string, minute: string, second: string) {
  const index = months.indexOf(month.toLowerCase())
  const [d, h, m, s] = [Number(day), Number(hour), Number(minute), Number(second)]
  if (index === -1 || d < 1 || h > 23 || m > 59 || s > 60) return undefined
  const time = Date.UTC(Number(year), index, d, h, m, s)
  return new Date(time).getUTCDate() === d || s === 60 ? time : undefined
}

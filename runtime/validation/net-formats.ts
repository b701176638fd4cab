import { isIP } from 'node:net'
import { isDnsLabel, isInternationalLabel } from './host-labels.ts'

/** RFC 2673 §3.2: four decimal octets, no leading zeros. */
export function ipv4(text: string): boolean {
  return isIP(text) === 4
}

/** RFC 4291 §2.2, without a zone. */
export function ipv6(text: string): boolean {
  return isIP(text) === 6 && !text.includes('%')
}

/** RFC 1123 §2.1; labels beginning with `xn--` must be what RFC 5891 allows. */
export function hostname(text: string): boolean {
  return text.length <= 253 && text.split('.').every(isDnsLabel)
}

/** RFC 5890 §2.3.2.3: labels of letters of any script, as they are or in their `xn--` form. */
export function idnHostname(text: string): boolean {
  return text.length <= 253 && text.split(/[.\u3002\uff0e\uff61]/).every(isInternationalLabel)
}

/** RFC 5321 §4.1.2. */
export function email(text: string): boolean {
  return isMailbox(
    text,
    /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/,
    /^"([ !#-[\]-~]|\\[ -~])*"$/,
    hostname,
  )
}

/** RFC 6531 §3.3. */
export function idnEmail(text: string): boolean {
  return isMailbox(
    text,
    /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u,
    /^"([ !#-[\]-~\u0080-\u{10ffff}]|\\[ -~])*"$/u,
    idnHostname,
  )
}

/** The patterns of the local part cannot backtrack: what they repeat is told apart by its first character. */
function isMailbox(text: string, dotted: RegExp, quoted: RegExp, isDomain: (domain: string) => boolean): boolean {
  const at = text.lastIndexOf('@')
  if (at < 1 || at > 64) return false
  const local = text.slice(0, at)
  if (!dotted.test(local) && !quoted.test(local)) return false
  const domain = text.slice(at + 1)
  if (!domain.startsWith('[')) return isDomain(domain)
  if (!domain.endsWith(']')) return false
  const literal = domain.slice(1, -1)
  return /^ipv6:/i.test(literal) ? ipv6(literal.slice(5)) : ipv4(literal)
}

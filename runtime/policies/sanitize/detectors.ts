/** From and to, in UTF-16 units. */
export type Span = readonly [from: number, to: number]

export type DetectorName = 'card' | 'jwt' | 'private-key' | 'email' | 'iban'

/** What is found in a text; every one reads it a bounded number of times, whatever it holds. */
export const detectors: Readonly<Record<DetectorName, (text: string) => readonly Span[]>> = {
  card: findCards,
  jwt: findTokens,
  'private-key': findPrivateKeys,
  email: findAddresses,
  iban: findAccounts,
}

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39
const isLetter = (c: number): boolean => (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a)

/** What stands between groups of digits as people print them: a space or a hyphen, also those at which no line breaks. */
const isJoint = (c: number): boolean =>
  c === 0x20 || c === 0x2d || c === 0xa0 || (c >= 0x2000 && c <= 0x2015) || c === 0x202f || c === 0x2212

/**
 * Card numbers: 13 to 19 digits that begin as issuers' do, single spaces or hyphens between them, with a right check digit
 * (Luhn, ISO/IEC 7812-1). They begin and end where a group of digits does.
 */
function findCards(text: string): Span[] {
  const spans: Span[] = []
  const { length } = text
  let free = 0
  for (let start = 0; start < length; start++) {
    const c = text.charCodeAt(start)
    if (!isDigit(c) || start < free || (start > 0 && isDigit(text.charCodeAt(start - 1)))) continue
    if (c < 0x32 || c > 0x36) continue
    const digits: number[] = []
    let best = -1
    for (let i = start; i < length && digits.length <= 19; i++) {
      const d = text.charCodeAt(i)
      if (isDigit(d)) {
        digits.push(d - 0x30)
        const isEnd = i + 1 === length || !isDigit(text.charCodeAt(i + 1))
        if (isEnd && digits.length >= 13 && digits.length <= 19 && isLuhn(digits)) best = i + 1
      } else if (!isJoint(d) || !isDigit(text.charCodeAt(i + 1))) break
    }
    if (best > 0) {
      spans.push([start, best])
      free = best
    }
  }
  return spans
}

function isLuhn(digits: readonly number[]): boolean {
  let sum = 0
  for (let i = digits.length - 1, twice = false; i >= 0; i--, twice = !twice) {
    const d = twice ? digits[i]! * 2 : digits[i]!
    sum += d > 9 ? d - 9 : d
  }
  return sum % 10 === 0
}

/** JSON Web Tokens (RFC 7515 §7.1, RFC 7516 §7.1): base64url parts with dots between, the first an object in JSON. */
function findTokens(text: string): Span[] {
  const spans: Span[] = []
  for (let from = text.indexOf('eyJ'); from >= 0; ) {
    const dots: number[] = []
    let end = from
    for (; end < text.length; end++) {
      const c = text.charCodeAt(end)
      if (c === 0x2e) {
        if (dots.length === 4) break
        dots.push(end)
      } else if (!isDigit(c) && !isLetter(c) && c !== 0x2d && c !== 0x5f) break
    }
    // Where other words stand before it with a dot between (`a.eyJ…`), the parts are counted from here all the same.
    const isToken = dots.length >= 2 && dots[0]! - from >= 8 && dots[1]! - dots[0]! >= (dots.length >= 4 ? 1 : 4)
    if (isToken) spans.push([from, end])
    from = isToken || dots.length === 0 ? text.indexOf('eyJ', end) : text.indexOf('eyJ', dots[0]!)
  }
  return spans
}

/** Private keys in PEM (RFC 7468 §10, §11), OpenSSH's and PGP's. */
function findPrivateKeys(text: string): Span[] {
  const spans: Span[] = []
  const open = '-----BEGIN '
  for (let from = text.indexOf(open); from >= 0; ) {
    const head = text.slice(from + open.length, from + open.length + 48)
    const label = /^[A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/.exec(head)
    if (label === null) {
      from = text.indexOf(open, from + open.length)
      continue
    }
    const close = text.indexOf('-----END ', from + open.length)
    const after = close < 0 ? -1 : text.indexOf('-----', close + 9)
    const end = after < 0 ? text.length : after + 5
    spans.push([from, end])
    from = text.indexOf(open, end)
  }
  return spans
}

/** Mail addresses as people write them (RFC 5321 §4.1.2 without quoted parts): 64 characters before the @, 255 after. */
function findAddresses(text: string): Span[] {
  const spans: Span[] = []
  for (let sign = text.indexOf('@'); sign >= 0; sign = text.indexOf('@', sign + 1)) {
    let from = sign
    while (from > 0 && sign - from < 64 && isLocal(text.charCodeAt(from - 1))) from--
    while (from < sign && text.charCodeAt(from) === 0x2e) from++
    let end = sign + 1
    while (end < text.length && end - sign <= 255 && isDomain(text.charCodeAt(end))) end++
    while (end > sign && !isName(text.charCodeAt(end - 1))) end--
    const dot = text.slice(sign + 1, end).lastIndexOf('.')
    const last = end - (sign + 1) - dot - 1
    if (from < sign && dot > 0 && last >= 2) spans.push([from, end])
  }
  return spans
}

/** What stands in a name beyond ASCII is a letter (RFC 6531). */
const isName = (c: number): boolean => isDigit(c) || isLetter(c) || c > 0x7f
const isDomain = (c: number): boolean => isName(c) || c === 0x2d || c === 0x2e
const isLocal = (c: number): boolean => isName(c) || ".!#$%&'*+/=?^_`{|}~-".includes(String.fromCharCode(c))

/** Lengths of account numbers by country (ISO 13616, SWIFT registry). */
const lengths: ReadonlyMap<string, number> = new Map(
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
    .split(' ')
    .map((one) => [one.slice(0, 2), Number(one.slice(2))]),
)

/** Bank account numbers (IBAN, ISO 13616): the length of their country, and a right check (ISO/IEC 7064 mod 97-10). */
function findAccounts(text: string): Span[] {
  const spans: Span[] = []
  let free = 0
  for (const { index } of text.matchAll(/[A-Za-z]{2}\d{2}/g)) {
    if (index < free || (index > 0 && isAlphanumeric(text.charCodeAt(index - 1)))) continue
    const wanted = lengths.get(text.slice(index, index + 2).toUpperCase())
    if (wanted === undefined) continue
    let account = ''
    let i = index
    for (; i < text.length && account.length < wanted; i++) {
      const c = text.charCodeAt(i)
      if (isAlphanumeric(c)) account += text[i]
      else if (!isJoint(c) || !isAlphanumeric(text.charCodeAt(i + 1))) break
    }
    if (account.length < wanted || isAlphanumeric(text.charCodeAt(i)) || !isAccount(account.toUpperCase())) continue
    spans.push([index, i])
    free = i
  }
  return spans
}

const isAlphanumeric = (c: number): boolean => isDigit(c) || isLetter(c)

function isAccount(account: string): boolean {
  let rest = 0
  for (const c of account.slice(4) + account.slice(0, 4)) rest = Number(`${rest}${Number.parseInt(c, 36)}`) % 97
  return rest === 1
}

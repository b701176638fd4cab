import { ipv6 } from './net-formats.ts'

/*
 * RFC 3986, RFC 3987 and RFC 6570, split by hand into components: each is then checked by one character class, so that no
 * text can make it slow.
 */

/** RFC 3986: with a scheme. */
export function uri(text: string): boolean {
  return isReference(text, ascii, true)
}

/** RFC 3986: a URI or a relative reference. */
export function uriReference(text: string): boolean {
  return isReference(text, ascii, false)
}

/** RFC 3987: with a scheme. */
export function iri(text: string): boolean {
  return isReference(text, international, true)
}

/** RFC 3987: an IRI or a relative reference. */
export function iriReference(text: string): boolean {
  return isReference(text, international, false)
}

/** What each component may hold, percent-encoding aside. */
interface Alphabet {
  readonly userinfo: RegExp
  readonly host: RegExp
  readonly path: RegExp
  readonly query: RegExp
  readonly fragment: RegExp
}

const ascii: Alphabet = {
  userinfo: /^[\w.~!$&'()*+,;=:%-]*$/,
  host: /^[\w.~!$&'()*+,;=%-]*$/,
  path: /^[\w.~!$&'()*+,;=:@/%-]*$/,
  query: /^[\w.~!$&'()*+,;=:@/?%-]*$/,
  fragment: /^[\w.~!$&'()*+,;=:@/?%-]*$/,
}

const international: Alphabet = {
  userinfo: /^[\w.~!$&'()*+,;=:%\u{a0}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{ffef}\u{10000}-\u{efffd}-]*$/u,
  host: /^[\w.~!$&'()*+,;=%\u{a0}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{ffef}\u{10000}-\u{efffd}-]*$/u,
  path: /^[\w.~!$&'()*+,;=:@/%\u{a0}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{ffef}\u{10000}-\u{efffd}-]*$/u,
  query: /^[\w.~!$&'()*+,;=:@/?%\u{a0}-\u{d7ff}\u{e000}-\u{fdcf}\u{fdf0}-\u{ffef}\u{10000}-\u{10fffd}-]*$/u,
  fragment: /^[\w.~!$&'()*+,;=:@/?%\u{a0}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{ffef}\u{10000}-\u{efffd}-]*$/u,
}

function isReference(text: string, alphabet: Alphabet, absolute: boolean): boolean {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return false
  const hash = text.indexOf('#')
  const beforeHash = hash === -1 ? text : text.slice(0, hash)
  if (hash !== -1 && !alphabet.fragment.test(text.slice(hash + 1))) return false
  const mark = beforeHash.indexOf('?')
  const beforeQuery = mark === -1 ? beforeHash : beforeHash.slice(0, mark)
  if (mark !== -1 && !alphabet.query.test(beforeHash.slice(mark + 1))) return false
  const colon = beforeQuery.indexOf(':')
  const hasScheme = colon !== -1 && !beforeQuery.slice(0, colon).includes('/')
  // A colon in the first segment of a relative reference would read as a scheme (RFC 3986 §4.2).
  if (hasScheme ? !/^[A-Za-z][A-Za-z0-9+.-]*$/.test(beforeQuery.slice(0, colon)) : absolute) return false
  const rest = hasScheme ? beforeQuery.slice(colon + 1) : beforeQuery
  if (!rest.startsWith('//')) return alphabet.path.test(rest)
  const slash = rest.indexOf('/', 2)
  const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash)
  return isAuthority(authority, alphabet) && (slash === -1 || alphabet.path.test(rest.slice(slash)))
}

function isAuthority(text: string, alphabet: Alphabet): boolean {
  const at = text.indexOf('@')
  if (at !== -1 && !alphabet.userinfo.test(text.slice(0, at))) return false
  const hostAndPort = text.slice(at + 1)
  if (hostAndPort.startsWith('[')) {
    const end = hostAndPort.indexOf(']')
    if (end === -1 || !/^(:\d*)?$/.test(hostAndPort.slice(end + 1))) return false
    const literal = hostAndPort.slice(1, end)
    return ipv6(literal) || /^v[0-9A-Fa-f]+\.[\w.~!$&'()*+,;=:-]+$/i.test(literal)
  }
  const colon = hostAndPort.indexOf(':')
  if (colon === -1) return alphabet.host.test(hostAndPort)
  return alphabet.host.test(hostAndPort.slice(0, colon)) && /^\d*$/.test(hostAndPort.slice(colon + 1))
}

/** RFC 6570. */
export function uriTemplate(text: string): boolean {
  let i = 0
  while (i < text.length) {
    const open = text.indexOf('{', i)
    const end = open === -1 ? text.length : open
    if (!isTemplateLiteral(text.slice(i, end))) return false
    if (open === -1) return true
    const close = text.indexOf('}', open)
    if (close === -1 || !isTemplateExpression(text.slice(open + 1, close))) return false
    i = close + 1
  }
  return true
}

function isTemplateLiteral(text: string): boolean {
  return !/[\0-\x20"<>\\^`{|}\x7f]/.test(text) && !/%(?![0-9A-Fa-f]{2})/.test(text)
}

function isTemplateExpression(text: string): boolean {
  return text
    .replace(/^[+#./;?&=,!@|]/, '')
    .split(',')
    .every((spec) => {
      const [, name, modifier] = /^([^:*]*)([\s\S]*)$/.exec(spec)!
      return (
        /^(\*|:[1-9]\d{0,3})?$/.test(modifier!) &&
        name!.split('.').every((part) => /^(\w|%[0-9A-Fa-f]{2})+$/.test(part))
      )
    })
}

/** Exact escaping (XML 1.0 §2.4, §3.3.3, §2.11): what a reader gives back is what was written. */

/** Characters that XML 1.0 has no way to hold (§2.2); lone surrogates are none either. */
const unholdable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

export function isHoldable(text: string): boolean {
  return !unholdable.test(text) && text.isWellFormed()
}

const inText = /[&<>\r]/
const inTextAll = /[&<>\r]/g

/** `>` too: no text can then hold `]]>`. A carriage return would be read as a line feed. */
export function escapeText(text: string): string {
  return inText.test(text) ? text.replace(inTextAll, reference) : text
}

const inValue = /[&<>"\t\n\r]/
const inValueAll = /[&<>"\t\n\r]/g

/** White space other than spaces would be read as spaces. */
export function escapeValue(text: string): string {
  return inValue.test(text) ? text.replace(inValueAll, reference) : text
}

/** A section cannot hold its own end, nor a carriage return that stays one. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>').replaceAll('\r', ']]>&#13;<![CDATA[')}]]>`
}

function reference(character: string): string {
  switch (character) {
    case '&':
      return '&amp;'
    case '<':
      return '&lt;'
    case '>':
      return '&gt;'
    case '"':
      return '&quot;'
    default:
      return `&#${character.charCodeAt(0)};`
  }
}

const startCharacter =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}'
const localName = new RegExp(
  `^[${startCharacter}][${startCharacter}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040]*$`,
  'u',
)

/** A name without a prefix (Namespaces in XML 1.0 §3, NCName). */
export function isLocalName(text: string): boolean {
  return localName.test(text)
}

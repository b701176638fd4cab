/*
 * Where every byte or every tag counts, modules import tables and enumerations under another name and keep them in a
 * constant of their own: V8 folds that into the code, while an imported binding is loaded and checked at each use. On
 * the documents of `npm run bench:xml` that is 7 % of the time.
 */

/** What a byte of character data means to the scanner; 0 is copied as it is. */
export const Text = {
  plain: 0,
  space: 1,
  /** Tab and line feed: plain to XML, escaped in JSON. */
  control: 2,
  carriageReturn: 3,
  /** `"` and `\`: plain to XML, escaped in JSON. */
  quoted: 4,
  lessThan: 5,
  ampersand: 6,
  /** `]`: may begin `]]>`, which character data must not hold (XML 1.0 §2.4). */
  bracket: 7,
  /** 0xEF: may begin U+FFFE or U+FFFF, which are no characters (§2.2). */
  noncharacter: 8,
  forbidden: 9,
} as const

export const textClass = new Uint8Array(256)
/** 1 for bytes that may stand in a name; those of non-ASCII characters are judged when the name is interned. */
export const nameByte = new Uint8Array(256)
/** 1 for the white space of XML (§2.3). */
export const spaceByte = new Uint8Array(256)

for (let byte = 0; byte < 0x20; byte++) textClass[byte] = Text.forbidden
textClass[0x20] = Text.space
textClass[0x09] = Text.control
textClass[0x0a] = Text.control
textClass[0x0d] = Text.carriageReturn
textClass[0x22] = Text.quoted
textClass[0x5c] = Text.quoted
textClass[0x3c] = Text.lessThan
textClass[0x26] = Text.ampersand
textClass[0x5d] = Text.bracket
textClass[0xef] = Text.noncharacter
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) spaceByte[byte] = 1
for (let byte = 0x80; byte < 0x100; byte++) nameByte[byte] = 1
for (const char of '-.:_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
  nameByte[char.charCodeAt(0)] = 1

/** NameStartChar without the colon (Namespaces 1.0 §3, XML 1.0 §2.3). */
const ncNameStart =
  'A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF' +
  '\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}'
const ncName = `[${ncNameStart}][-.0-9\\xB7\\u0300-\\u036F\\u203F-\\u2040${ncNameStart}]*`

/** A name as Namespaces 1.0 §4 has it: a prefix and a local part, or a local part alone. */
export const qualifiedName = new RegExp(`^(?:${ncName}:)?${ncName}$`, 'u')

/** A target of a processing instruction: no colon (Namespaces 1.0 §7). */
export const unqualifiedName = new RegExp(`^${ncName}$`, 'u')

/** Char (XML 1.0 §2.2). */
export function isCharacter(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  )
}

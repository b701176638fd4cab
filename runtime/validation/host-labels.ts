import { domainToASCII, domainToUnicode } from 'node:url'

/** A label of a host name in its ASCII form: letters, digits and inner hyphens; `xn--` only where it decodes well. */
export function isDnsLabel(label: string): boolean {
  if (label.length < 1 || label.length > 63) return false
  if (!/^[A-Za-z0-9-]+$/.test(label) || label.startsWith('-') || label.endsWith('-')) return false
  if (label[2] !== '-' || label[3] !== '-') return true
  // RFC 5891 §4.2.3.1: hyphens in the third and fourth place are for `xn--` alone.
  return /^xn--/i.test(label) && isEncodedLabel(label.toLowerCase())
}

/** A label of an internationalised host name, as letters or as `xn--`. */
export function isInternationalLabel(label: string): boolean {
  if (/^[\0-\x7f]*$/.test(label)) return isDnsLabel(label)
  return isUnicodeLabel(label) && domainToASCII(label).length <= 63 && domainToASCII(label) !== ''
}

function isEncodedLabel(label: string): boolean {
  const decoded = domainToUnicode(label)
  if (decoded === '' || decoded === label || /^[\0-\x7f]*$/.test(decoded)) return false
  return domainToASCII(decoded) === label && isUnicodeLabel(decoded)
}

/** Code points RFC 5892 §2.6 disallows though their category would let them in. */
const disallowed = /[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]/u

/** RFC 5891 §4.2.3 and RFC 5892 appendix A. */
function isUnicodeLabel(label: string): boolean {
  const text = label.normalize('NFC')
  if (text.length > 63 || text.startsWith('-') || text.endsWith('-') || text.slice(2, 4) === '--') return false
  if (/^\p{M}/u.test(text) || disallowed.test(text)) return false
  return isContextual(text) && isBidi(text)
}

/** Characters allowed only beside certain others (RFC 5892 appendix A). */
function isContextual(text: string): boolean {
  const characters = [...text]
  return characters.every((character, i) => {
    const before = characters[i - 1] ?? ''
    const after = characters[i + 1] ?? ''
    switch (character) {
      case '\u00b7':
        return before === 'l' && after === 'l'
      case '\u0375':
        return /\p{Script=Greek}/u.test(after)
      case '\u05f3':
      case '\u05f4':
        return /\p{Script=Hebrew}/u.test(before)
      case '\u30fb':
        return /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text.replaceAll('\u30fb', ''))
      case '\u200d':
        return isVirama(before)
      case '\u200c':
        return isVirama(before) || /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}]/u.test(before)
      default:
        if (character >= '\u0660' && character <= '\u0669') return !/[\u06f0-\u06f9]/.test(text)
        return true
    }
  })
}

const viramas =
  /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a]/

function isVirama(character: string): boolean {
  return viramas.test(character)
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/
const leftToRight = /[A-Za-z\u00c0-\u024f\u0370-\u052f]/

/** The part of RFC 5893 §2 that can be judged for one label. */
function isBidi(text: string): boolean {
  const letters = text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, '')
  if (!rightToLeft.test(letters)) return true
  if (!rightToLeft.test(text[0]!) || leftToRight.test(text)) return false
  return !(/[0-9\u06f0-\u06f9]/.test(text) && /[\u0660-\u0669]/.test(text))
}

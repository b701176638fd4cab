import { JsonFault, pointerOf } from '../../json/json-fault.ts'
import type { JsonIndex } from '../../json/json-index.ts'
import { isHoldable } from './escape.ts'
import { wholeNumber } from './whole-number.ts'
import { Kind, type Written } from './written.ts'

type Path = readonly (string | number)[]

/** The text of a scalar, not escaped. @throws JsonFault */
export function scalarText(json: JsonIndex, at: number, isInteger: boolean, path: Path): string {
  const kind = json.kind(at)
  if (kind !== 0x22) {
    const text = json.slice(at)
    const whole = isInteger && kind !== 0x74 && kind !== 0x66 ? wholeNumber(text) : text
    if (whole === undefined) throw new JsonFault(pointerOf(path), 'must be a whole number', 'type')
    return whole
  }
  const text = json.string(at)
  if (!isHoldable(text)) throw new JsonFault(pointerOf(path), 'has a character that XML cannot hold', 'xml')
  return text
}

/**
 * What stands in an attribute or as the text of an element: a scalar, or a list of them with white space between (list types
 * of XML Schema). @throws JsonFault
 */
export function plainText(json: JsonIndex, at: number, value: Written | undefined, path: Path): string {
  const kind = json.kind(at)
  if (kind === 0x5b && value?.kind === Kind.array) return listText(json, at, value.items!.value, path)
  if (kind === 0x5b || kind === 0x7b) throw new JsonFault(pointerOf(path), 'is not of the declared type', 'type')
  return scalarText(json, at, value?.isInteger === true, path)
}

function listText(json: JsonIndex, at: number, items: Written, path: Path): string {
  const texts: string[] = []
  for (let item = at + 1; item < json.after[at]!; item = json.after[item]!) {
    const place = [...path, texts.length]
    const text = plainText(json, item, items, place)
    // It would be read as none or as several.
    if (json.kind(item) === 0x6e || !/^[^ \t\r\n]+$/.test(text))
      throw new JsonFault(pointerOf(place), 'cannot stand in a list of XML', 'xml')
    texts.push(text)
  }
  return texts.join(' ')
}

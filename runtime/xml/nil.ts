import { spaceByte } from './characters.ts'
import type { Walk } from './walk.ts'

export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance'

/** Whether the element that has just been opened says `xsi:nil="true"`. @throws Misfit where it says neither that nor the opposite */
export function isNil(walk: Walk): boolean {
  switch (instanceAttribute(walk, 'nil')) {
    case 'true':
    case '1':
      return true
    case undefined:
    case 'false':
    case '0':
      return false
    default:
      return walk.fail('has an xsi:nil that is no boolean', 'type')
  }
}

/** An attribute of XML Schema's instance namespace, without the white space of XML round it. */
export function instanceAttribute({ scanner: { attributes } }: Walk, local: string): string | undefined {
  for (let i = 0; i < attributes.count; i++) {
    if (attributes.name(i).local === local && attributes.uri(i) === instanceNamespace)
      return trimmed(attributes.value(i))
  }
  return undefined
}

/** Not `trim`, which takes more for white space than XML does; nor an expression, which would try every space of a long text. */
function trimmed(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && isSpace(text.charCodeAt(from))) from++
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

function isSpace(code: number): boolean {
  return code < 0x80 && spaceByte[code] === 1
}

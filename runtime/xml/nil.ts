import type { Walk } from './walk.ts'

export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance'

/** Whether the element that has just been opened says `xsi:nil="true"`. */
export function isNil(walk: Walk): boolean {
  const value = instanceAttribute(walk, 'nil')
  return value === 'true' || value === '1'
}

/** An attribute of XML Schema's instance namespace, without white space round it. */
export function instanceAttribute({ scanner: { attributes } }: Walk, local: string): string | undefined {
  for (let i = 0; i < attributes.count; i++) {
    if (attributes.name(i).local === local && attributes.uri(i) === instanceNamespace) return attributes.value(i).trim()
  }
  return undefined
}

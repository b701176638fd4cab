import { isObject } from '../../model/json.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { follow, typesOf } from '../schema-types.ts'

const annotations = new Set([
  ...['title', 'description', 'default', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly', 'externalDocs'],
  ...['xml', '$comment', '$defs', 'definitions', 'nullable', 'discriminator', '$ref', '$dynamicRef', 'allOf'],
  ...['$id', '$anchor', '$dynamicAnchor', '$schema'],
])

/** Whether it is more than annotations: `{}` allows anything, and says so. */
export function saysSomething(node: SpecNode): boolean {
  if (!isObject(node.value)) return false
  const allOf = node.at('allOf')?.items() ?? []
  return (
    Object.keys(node.value).some((key) => !annotations.has(key) && !key.startsWith('x-')) ||
    [...allOf, ...(node.reference === undefined ? [] : [follow(node)])].some(
      (one) => one !== node && one.reference === undefined && isObject(one.value) && saysSomething(one),
    )
  )
}

/** Whether an object or an array may be meant. */
export function mayHoldMembers(branch: SpecNode): boolean {
  if (branch.value === false) return false
  const types = typesOf(branch)
  return types === undefined || types.has('object') || types.has('array')
}

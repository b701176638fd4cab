import type { XmlPlace, XmlRoot, XmlShape } from '../../runtime/xml/shape.ts'
import { isObject } from '../model/json.ts'
import { Reference } from '../model/service-plan.ts'
import type { SharedShapes } from './plan-shapes.ts'

/** The first property whose members stand in the element outside of it (`nodeType: none`): readers cannot tell whose they are. */
export function findFlat(root: XmlRoot<Reference<XmlShape>>, shapes: SharedShapes): string | undefined {
  const seen = new Set<unknown>()
  const pending: unknown[] = [root.value]
  while (pending.length > 0) {
    const next = pending.pop()
    const value = next instanceof Reference ? shapes.planOf(next as Reference<XmlShape>) : next
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (isObject(value) && isObject(value['properties'])) {
      for (const [key, node] of Object.entries(value['properties'])) {
        if ((node as XmlPlace).node === 'none') return key
      }
    }
    pending.push(...Object.values(value))
  }
  return undefined
}

import type { XmlRoot, XmlShape } from '../../runtime/xml/shape.ts'
import type { Reference } from '../model/service-plan.ts'
import type { SpecNode } from '../model/spec-node.ts'
import { planValue, type Shapes } from './plan-value.ts'
import { SchemaView } from './schema-view.ts'

/** The plan of a whole document; of any document where there is no schema. */
export function planRoot(schema: SpecNode | undefined, shapes: Shapes): XmlRoot<Reference<XmlShape>> {
  if (schema === undefined) return { value: { type: 'any' } }
  // The root element is called what its schema says, be it written here or in what it refers to.
  const { name, namespace, prefix } = new SchemaView([schema]).identity(false)
  const qualified = name !== undefined && prefix !== undefined && namespace === undefined ? `${prefix}:${name}` : name
  return {
    ...(qualified === undefined ? {} : { name: qualified }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(namespace === undefined || prefix === undefined ? {} : { prefix }),
    value: planValue([schema], { shapes, circle: [] }),
  }
}

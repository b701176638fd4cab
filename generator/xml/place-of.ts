import type { XmlPlace } from '../../runtime/xml/shape.ts'
import type { SchemaView } from './schema-view.ts'

/** Where a property stands. `xml.name` of a schema that is only referred to does not rename the property. */
export function placeOf(key: string, view: SchemaView): XmlPlace {
  const { name, namespace, prefix } = view.identity(true)
  const also = [view.identity(false).name].flatMap((other) =>
    other === undefined || other === (name ?? key) ? [] : [other],
  )
  const type = view.xml('nodeType')
  // What belongs to XML Schema's instance namespace is an attribute, whatever a document says of it.
  const node =
    view.xml('attribute', true) === true || type === 'attribute' || (name ?? '').startsWith('xsi:')
      ? 'attribute'
      : type === 'text' || type === 'cdata'
        ? type
        : undefined
  const own = name ?? (namespace === undefined && prefix === undefined ? undefined : key)
  const qualified = own !== undefined && prefix !== undefined && namespace === undefined ? `${prefix}:${own}` : own
  // The names of the convention for what has no schema work in a schema too: no element can be called so.
  if (node === undefined && name === undefined && key === '#text') return { node: 'text' }
  if (node === undefined && name === undefined && key.startsWith('@')) return { name: key.slice(1), node: 'attribute' }
  return {
    ...(qualified === undefined || (qualified === key && namespace === undefined) ? {} : { name: qualified }),
    ...(namespace === undefined ? {} : { namespace, ...(prefix === undefined ? {} : { prefix }) }),
    ...(also.length === 0 || node !== undefined ? {} : { also }),
    ...(node === undefined ? {} : { node }),
  }
}

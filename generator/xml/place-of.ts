import type { XmlPlace } from '../../runtime/xml/shape.ts'
import type { SpecNode } from '../model/spec-node.ts'
import { SchemaView } from './schema-view.ts'

/** Where a property stands. `xml.name` of a schema that is only referred to does not rename the property. */
export function placeOf(key: string, view: SchemaView): XmlPlace {
  const { name, namespace, prefix } = view.identity(true)
  const others = [
    view.identity(false).name,
    ...(placesOfAlternatives(view.alternatives()) ?? []).map((place) => place.name),
  ]
  const also = others.filter((other): other is string => other !== undefined && other !== (name ?? key))
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

/** What elements of each of several schemas are called, where all have a name and no two the same: then it tells them apart. */
export function placesOfAlternatives(
  branches: readonly SpecNode[],
): (XmlPlace & { readonly name: string })[] | undefined {
  const places = branches.flatMap((branch) => {
    const { name, ...namespace } = new SchemaView([branch]).identity(false)
    return name === undefined ? [] : [{ name: name.slice(name.indexOf(':') + 1), ...namespace }]
  })
  const names = new Set(places.map(({ name }) => name))
  return places.length > 1 && names.size === branches.length ? places : undefined
}

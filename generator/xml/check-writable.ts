import type { XmlPlace, XmlRoot, XmlShape } from '../../runtime/xml/shape.ts'
import { isObject } from '../model/json.ts'
import { Reference } from '../model/service-plan.ts'
import type { SharedShapes } from './plan-shapes.ts'

/** What a writer would make that no reader of XML accepts. */
type Problem =
  | { readonly code: 'xml-prefix-unbound'; readonly gaps: { readonly prefix: string } }
  | { readonly code: 'xml-name-impossible'; readonly gaps: { readonly name: string } }

/** Every name a plan may write is a name, and every prefix stands for a namespace. Told once each. */
export function checkWritable(
  root: XmlRoot<Reference<XmlShape>>,
  namespaces: Readonly<Record<string, string>>,
  shapes: SharedShapes,
  report: (code: Problem['code'], gaps: { name: string; prefix: string }) => void,
): void {
  const prefixes = new Set(['xml', 'xsi', ...Object.keys(namespaces)])
  const used = new Set<string>()
  const names = new Set<string>()
  const seen = new Set<unknown>()
  const visit = (value: unknown): void => {
    if (value instanceof Reference) {
      visit(shapes.planOf(value as Reference<XmlShape>))
      return
    }
    if (Array.isArray(value)) for (const item of value) visit(item)
    if (!isObject(value) || seen.has(value)) return
    seen.add(value)
    const { name, prefix, namespace } = value as XmlPlace
    if (typeof prefix === 'string' && typeof namespace === 'string') prefixes.add(prefix)
    if (typeof name === 'string') place(name, namespace)
    for (const [key, member] of Object.entries(value)) {
      if (key !== 'properties') visit(member)
      else {
        for (const [property, node] of Object.entries(member as object)) {
          const own = (node as XmlPlace).name
          if (own === undefined && ['element', 'attribute'].includes((node as XmlPlace).node ?? 'element'))
            place(property, 'x')
          visit(node)
        }
      }
    }
  }
  const place = (name: string, namespace: unknown): void => {
    const colon = name.indexOf(':')
    if (colon > 0 && namespace === undefined) used.add(name.slice(0, colon))
    names.add(name.slice(colon + 1))
  }
  visit(root)
  for (const prefix of used) if (!prefixes.has(prefix)) report('xml-prefix-unbound', { prefix, name: '' })
  for (const name of names) if (!localName.test(name)) report('xml-name-impossible', { name, prefix: '' })
}

/** Namespaces in XML 1.0 §3, NCName; the runtime is exact about what callers make up. */
const localName = /^[\p{L}_][\p{L}\p{N}\p{M}_.\u00b7-]*$/u

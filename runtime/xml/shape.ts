/**
 * The plan of a conversion, as the compiler writes it into the service: what stands where in the XML and what it
 * becomes in the JSON. Plain data; {@link import('./link.ts')} turns it into tables once, when the first answer comes.
 */

/** Where a value stands. Without any of it: an element called like the property. */
export interface XmlPlace {
  /** Local name, or `prefix:local` where the document says a prefix and no namespace. */
  readonly name?: string
  /** The namespace's URI. Prefixes never matter to readers. */
  readonly namespace?: string
  /** What the document calls the namespace, for writers: what stands inside is then not in it by default. */
  readonly prefix?: string
  /** Other names by which documents call it. */
  readonly also?: readonly string[]
  /**
   * Not an element: an attribute, or the text of the element that holds it (`cdata`: preferably a CDATA section). `none`:
   * an object or tuple whose members stand in the element that would hold it.
   */
  readonly node?: 'attribute' | 'text' | 'cdata' | 'none'
}

/**
 * `token` is a string whose white space is collapsed (dates, UUIDs, enumerations); `bytes` one that has none (base64, which
 * is broken into lines at will); `int64` is an integer whose digits
 * may be more than a JSON reader keeps.
 */
export type XmlScalarType = 'string' | 'token' | 'bytes' | 'integer' | 'int64' | 'number' | 'boolean' | 'null'

export interface XmlScalar {
  /** Several: the first whose lexical form the text has. */
  readonly type: XmlScalarType | readonly XmlScalarType[]
  readonly nullable?: true
}

export interface XmlObject<Shape = XmlShape> {
  readonly type: 'object'
  readonly nullable?: true
  readonly properties: { readonly [key: string]: XmlNode<Shape> }
  readonly required?: readonly string[]
  /** What elements that are no property become, under their local name. */
  readonly additional?: XmlValue<Shape>
  /** The same for those whose local name matches; of several, the first. */
  readonly patterns?: readonly XmlPattern<Shape>[]
}

export interface XmlArray<Shape = XmlShape> {
  readonly type: 'array'
  readonly nullable?: true
  /** The items stand in an element of their own. */
  readonly wrapped?: true
  readonly items: XmlNode<Shape>
}

export interface XmlPattern<Shape = XmlShape> {
  readonly pattern: string
  readonly value: XmlValue<Shape>
}

/** An array whose items have a schema each, in an element of its own. */
export interface XmlTuple<Shape = XmlShape> {
  readonly type: 'tuple'
  readonly nullable?: true
  readonly places: readonly XmlNode<Shape>[]
  /** What may follow. */
  readonly items?: XmlNode<Shape>
}

/** No schema: attributes `@name`, text `#text`, repeated elements an array (docs/xml.md). */
export interface XmlAny {
  readonly type: 'any'
  /** Never a bare string. */
  readonly object?: true
}

/** One of several: by discriminator or `xsi:type`, else the only one that fits. */
export interface XmlChoice<Shape = XmlShape> {
  readonly type: 'oneOf'
  readonly nullable?: true
  /** `key`: what the JSON calls it, where that is not its name. */
  readonly by?: XmlPlace & { readonly name: string; readonly key?: string }
  readonly of: readonly XmlAlternative<Shape>[]
  /** All of them as one, where they allow that: what holds for readers where nothing at the element's beginning tells. */
  readonly otherwise?: XmlValue<Shape>
}

export interface XmlAlternative<Shape = XmlShape> {
  /** Values of the discriminator, or local names of `xsi:type`, that mean this one. */
  readonly is?: readonly string[]
  /** What elements that have it are called, where that tells it from the others. */
  readonly called?: XmlPlace & { readonly name: string }
  readonly value: XmlValue<Shape>
}

/** `Shape` is what stands for a shared component schema: the compiler writes references to what it emits elsewhere. */
export type XmlValue<Shape = XmlShape> =
  | XmlScalar
  | XmlObject<Shape>
  | XmlArray<Shape>
  | XmlTuple<Shape>
  | XmlAny
  | XmlChoice<Shape>
  /** A component schema that several places share. */
  | { readonly shape: Shape; readonly nullable?: true }
  /** A component schema that this one is part of. */
  | { readonly recurse: string; readonly nullable?: true }

export type XmlNode<Shape = XmlShape> = XmlPlace & XmlValue<Shape>

/** The value of a whole document. */
export interface XmlRoot<Shape = XmlShape> {
  /** Writers: the names of its alternatives go before the name that is given. */
  readonly isOpen?: true
  /** What the root element must be called; any name will do where this is absent. */
  readonly name?: string
  readonly namespace?: string
  readonly prefix?: string
  readonly value: XmlValue<Shape>
}

/** A component schema's part of the plan. */
export class XmlShape {
  readonly value: XmlValue
  readonly group: ReadonlyMap<string, XmlShape>

  constructor(value: XmlValue, group: ReadonlyMap<string, XmlShape>) {
    this.value = value
    this.group = group
  }
}

/** A component schema; `{ recurse: name }` inside means itself. */
export function xmlShape(name: string, value: XmlValue): XmlShape {
  const group = new Map<string, XmlShape>()
  const shape = new XmlShape(value, group)
  group.set(name, shape)
  return shape
}

/** Component schemas that refer to each other in a circle. */
export function xmlShapes(values: { readonly [name: string]: XmlValue }): ReadonlyMap<string, XmlShape> {
  const group = new Map<string, XmlShape>()
  for (const [name, value] of Object.entries(values)) group.set(name, new XmlShape(value, group))
  return group
}

/** One of such a circle. */
export function xmlShapeOf(group: ReadonlyMap<string, XmlShape>, name: string): XmlShape {
  return group.get(name)!
}

import type { XmlRoot, XmlShape } from '../../xml/shape.ts'

export interface XmlToJsonOptions {
  /** What stands round the value. */
  readonly unwrap: 'none' | 'root' | 'soap'
  /** What becomes of elements that the schema does not have. */
  readonly unknown: 'drop' | 'reject'
  readonly int64: 'number' | 'string'
  /** Whether arrays that the document does not mention are written as `[]`. */
  readonly emptyArrays: 'omit' | 'include'
  /** INF and NaN: 502, or strings. */
  readonly nonFinite?: 'reject' | 'string'
  /** Where there is no schema: paths below the root element that are arrays however often they occur. */
  readonly arrays?: readonly string[]
  /** Bytes of one document. */
  readonly maxSize?: number
  /** Elements within each other. */
  readonly maxDepth?: number
  /** XML media types that callers may have instead: they get the upstream's own answer. */
  readonly originals?: readonly string[]
  /** Media types the operation answers with that are neither XML nor JSON. */
  readonly others?: readonly string[]
  /** Statuses that are declared without content: what is said of wider ones does not hold for them. */
  readonly bare?: readonly string[]
  /** By status: `200`, `2XX`, `default`. */
  readonly responses: Readonly<Record<string, ResponsePlan>>
}

export interface ResponsePlan<Shape = XmlShape> {
  /** What the JSON is called. */
  readonly mediaType: string
  readonly root: XmlRoot<Shape>
}

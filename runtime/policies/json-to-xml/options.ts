import type { XmlRoot } from '../../xml/shape.ts'

export interface JsonToXmlOptions {
  /** Where what stands in the XML. */
  readonly root: XmlRoot
  /** What the XML is called, without a charset: `application/xml`. */
  readonly mediaType: string
  /** What stands round it. */
  readonly soap?: SoapOptions
  /** Without the XML declaration. */
  readonly declaration?: false
  /** Prefix → namespace. */
  readonly namespaces?: Readonly<Record<string, string>>
  /** What becomes of members that the schema does not have. Default: drop. */
  readonly unknown?: 'reject'
  /** What becomes of members that are null. Default: nil. */
  readonly nulls?: 'omit'
  /** A request without a body is one with `{}`: the operation declares none, and the upstream needs one. */
  readonly always?: true
}

export interface SoapOptions {
  readonly version: '1.1' | '1.2'
  readonly action?: string
}

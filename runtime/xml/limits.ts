/** What one document may ask for. */
export interface Limits {
  /** Elements within each other. */
  readonly depth: number
  /** Bytes of the document as UTF-8. */
  readonly size: number
}

export const defaultLimits: Limits = { depth: 100, size: 64 * 1024 * 1024 }

/** Attributes of one element. */
export const attributeLimit = 256

/** Bytes of one start tag, comment-free declaration or reference: what must be in memory at once to be read. */
export const tokenLimit = 1024 * 1024

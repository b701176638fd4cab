/** One failed keyword, as validators compiled by ajv report it. */
export interface ValidationError {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
}

/**
 * A compiled schema. `errors` is set by the last call that returned false, and is read before the next call: validators
 * are synchronous, so nothing can come between.
 */
export interface Validator {
  (data: unknown): boolean
  errors?: readonly ValidationError[] | null
}

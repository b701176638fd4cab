/** What `--lenient` does without. */
export interface Narrowing {
  /** The operations that are left out, as `GET /orders`: method and path as the document has them. */
  readonly leftOut: ReadonlySet<string>
  /** What was narrowed and why, for the emitted README. */
  readonly said: readonly string[]
}

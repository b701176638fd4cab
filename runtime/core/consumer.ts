/** Who calls, once a policy has verified it. Plain data; never holds a credential. */
export interface Consumer {
  readonly id: string
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  /** The name of the plan whose limits apply, if any. */
  readonly plan?: string
  /** Verified token claims, or the metadata of a key's owner. */
  readonly claims: Readonly<Record<string, unknown>>
}

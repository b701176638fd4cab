/** The certificate of a client who has proved in the TLS handshake that it is its own. Plain data. */
export interface ClientCertificate {
  /** As RFC 4514 writes it, the most specific part first: `CN=acme,O=Acme GmbH,C=DE`. */
  readonly subject: string
  /** Alternative names in the order they stand there; names of other kinds are left out. */
  readonly names: readonly { readonly kind: 'dns' | 'uri' | 'email'; readonly value: string }[]
  /** SHA-256 of the certificate (DER): 64 lower-case hexadecimal digits. */
  readonly fingerprint: string
  /** The same in base64url, as tokens name it (`x5t#S256`, RFC 8705 §3.1). */
  readonly thumbprint: string
  /** Milliseconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
  /** Whether the listener's own authorities vouch for it; where they do not, it proves the possession of a key and nothing else. */
  readonly isTrusted: boolean
  /** The certificate and what the client sent with it (DER): whoever trusts fewer authorities than the listener looks again. */
  readonly chain: readonly Buffer[]
}

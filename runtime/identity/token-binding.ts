import type { Exchange } from '../core/exchange.ts'

/** What a token asks of who presents it: nothing, to hold a certificate, or something that cannot be checked here. */
export type TokenBinding =
  | { readonly to: 'nobody' }
  | { readonly to: 'certificate'; readonly thumbprint: string }
  | { readonly to: 'unknown' }

const nobody: TokenBinding = { to: 'nobody' }
const unknown: TokenBinding = { to: 'unknown' }

/** Reads the confirmation claim `cnf` (RFC 7800); only certificates (`x5t#S256`, RFC 8705 §3.1) can be confirmed here. */
export function bindingOf(claims: Readonly<Record<string, unknown>>): TokenBinding {
  if (!Object.hasOwn(claims, 'cnf')) return nobody
  const confirmation = claims['cnf']
  if (typeof confirmation !== 'object' || confirmation === null) return unknown
  const [method, ...others] = Object.entries(confirmation)
  if (method?.[0] !== 'x5t#S256' || others.length > 0) return unknown
  const thumbprint: unknown = method[1]
  return typeof thumbprint === 'string' && /^[\w-]{43}$/.test(thumbprint) ? { to: 'certificate', thumbprint } : unknown
}

/** RFC 8705 §3: the connection must be that of the certificate's holder. */
export function meetsBinding(binding: TokenBinding, { certificate }: Exchange): boolean {
  switch (binding.to) {
    case 'nobody':
      return true
    case 'certificate':
      return certificate?.thumbprint === binding.thumbprint
    case 'unknown':
      return false
  }
}

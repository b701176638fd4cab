import { fetchJson } from './fetch-json.ts'

/** What an issuer says of itself (OpenID Connect Discovery §3, RFC 8414 §2). */
export type IssuerMetadata = Readonly<Record<string, unknown>>

/**
 * Fetches an issuer's metadata.
 * @param url where it is; '' to look where RFC 8414 §3.1 and OpenID Connect Discovery §4 put it
 * @throws Error where it cannot be had, or speaks for another issuer (RFC 8414 §3.3)
 */
export async function issuerMetadata(issuer: string, url: string): Promise<IssuerMetadata> {
  let failure: unknown
  for (const place of url === '' ? metadataPlaces(issuer) : [url]) {
    try {
      const { value } = await fetchJson(place)
      if (typeof value !== 'object' || value === null) throw new Error(`${place}: it is no object`)
      const { issuer: told } = value as { issuer?: unknown }
      // Character by character: an issuer is a name, not an address (RFC 8414 §3.3).
      if (told !== issuer) throw new Error(`${place}: it speaks for another issuer than ${issuer}`)
      return value as IssuerMetadata
    } catch (error) {
      failure ??= error
    }
  }
  throw failure
}

/** `https://id.example/tenant` → `…/tenant/.well-known/openid-configuration`, `…/.well-known/oauth-authorization-server/tenant`. */
export function metadataPlaces(issuer: string): string[] {
  if (!URL.canParse(issuer))
    throw new Error(`the issuer ${JSON.stringify(issuer)} is no URL: say where its keys are with "jwksUri"`)
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/+$/, '')
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
}

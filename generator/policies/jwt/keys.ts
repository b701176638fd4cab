import type { KeySource } from '../../../runtime/identity/key-set.ts'
import type { remoteKeys } from '../../../runtime/identity/remote-keys.ts'
import type { staticKeys } from '../../../runtime/identity/static-keys.ts'
import { isObject, type Json } from '../../model/json.ts'
import type { Reference } from '../../model/service-plan.ts'
import type { SchemeScope } from '../define.ts'
import { isIssuerAddress } from '../issuer-address.ts'
import { schemeVariable } from '../scheme-variable.ts'

export interface KeyOptions {
  readonly issuer: string
  /** Of the issuer's JWK Set; learnt from its metadata where it is not given. */
  readonly jwksUri?: string
  /** A JWK Set, or a file that holds one, relative to the document. */
  readonly jwks?: Json
}

/** The source of the keys that a token's signature is verified with; undefined where an error was reported. */
export function lowerKeys(options: KeyOptions, scope: SchemeScope): Reference<KeySource> | undefined {
  const { issuer, jwks, jwksUri } = options
  const wrong = (key: string, reason: string): undefined => {
    scope.report('keys-unsuitable', scope.node.at(key) ?? scope.node, { reason })
    return undefined
  }
  if (jwks !== undefined && jwksUri !== undefined) return wrong('jwksUri', '"jwks" and "jwksUri" exclude each other')
  if (jwks !== undefined) {
    const fault = isObject(jwks) ? jwksFault(jwks) : undefined
    return fault === undefined ? lowerStatic(jwks, scope) : wrong('jwks', fault)
  }
  const published = metadataUrl(scope)
  const needed = jwksUri ?? (published === '' ? issuer : published)
  if (!isIssuerAddress(needed)) {
    return wrong(
      jwksUri === undefined ? 'issuer' : 'jwksUri',
      `"${needed}" is no https address, so anybody on the way could put in keys of their own`,
    )
  }
  return scope.instance<typeof remoteKeys>(`${scope.scheme.name} keys`, {
    module: 'identity/remote-keys',
    export: 'remoteKeys',
    args: [
      {
        issuer: scope.setting(issuer),
        jwksUri: jwksUri === undefined ? '' : scope.setting(jwksUri, `the keys of ${scope.scheme.name}`),
        metadata:
          jwksUri === undefined
            ? scope.environment(
                schemeVariable(scope, 'METADATA_URL'),
                published,
                `the metadata of the issuer of ${scope.scheme.name}${published === '' ? '; looked for at the issuer where it is empty' : ''}`,
              )
            : '',
      },
    ],
    about: `The keys that tokens of "${scope.scheme.name}" are signed with.`,
    resource: true,
  })
}

function lowerStatic(jwks: Json, scope: SchemeScope): Reference<KeySource> {
  return scope.instance<typeof staticKeys>(`${scope.scheme.name} keys`, {
    module: 'identity/static-keys',
    export: 'staticKeys',
    args: [lowerJwks(jwks, scope)],
    about: `The keys that tokens of "${scope.scheme.name}" are signed with.`,
    resource: true,
  })
}

function lowerJwks(jwks: Json, scope: SchemeScope) {
  if (typeof jwks !== 'string') return { text: JSON.stringify(jwks) }
  if (jwks.startsWith('${')) return { text: scope.setting(jwks, `the keys of ${scope.scheme.name}`) }
  const about = `the keys of ${scope.scheme.name}; a relative path starts at the service's folder`
  return { path: scope.environment(schemeVariable(scope, 'JWKS'), scope.file(jwks), about) }
}

/** A document is no place for a secret, and a key that signs verifies nothing that others have signed. */
function jwksFault(jwks: object): string | undefined {
  const keys: unknown = (jwks as { keys?: unknown }).keys
  if (!Array.isArray(keys) || keys.length === 0) return 'there is no JWK Set ({"keys": […]})'
  const secret = keys.some((key) => isObject(key) && ['d', 'k', 'p', 'q'].some((name) => Object.hasOwn(key, name)))
  return secret ? 'a secret or private key is among them' : undefined
}

/** Where the document says that the metadata are: `openIdConnectUrl`, or OpenAPI 3.2's `oauth2MetadataUrl`. */
function metadataUrl({ scheme }: SchemeScope): string {
  const key = scheme.type === 'openIdConnect' ? 'openIdConnectUrl' : 'oauth2MetadataUrl'
  const url = scheme.node.get(key)?.string ?? ''
  return URL.canParse(url) ? url : ''
}

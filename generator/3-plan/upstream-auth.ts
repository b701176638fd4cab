import type { Value } from '../model/service-plan.ts'
import { CallPlan } from '../model/service-plan.ts'
import type { SettingsPlan } from './settings.ts'

/** `upstreams.<name>.auth`, one of its members. */
export interface AuthOptions {
  readonly apiKey?: { readonly in?: 'header' | 'query' | 'cookie'; readonly name: string; readonly value: string }
  readonly basic?: { readonly username: string; readonly password: string }
  readonly bearer?: { readonly token: string }
  readonly clientCredentials?: ClientCredentials
}

interface ClientCredentials {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes?: readonly string[]
  readonly audience?: string
  readonly resource?: string
  readonly credentialsIn?: 'header' | 'body'
}

/** What the service shows an upstream; only the way that is used is imported, and so deployed. */
export function planAuth(auth: AuthOptions, upstream: string, settings: SettingsPlan): CallPlan | undefined {
  const read = (text: string, what: string): Value => settings.read(text, `${what} for the upstream ${upstream}`)
  const { apiKey, basic, bearer, clientCredentials } = auth
  if (apiKey !== undefined) {
    const { in: place = 'header', name, value } = apiKey
    return new CallPlan('upstream/auth/api-key', 'apiKey', [{ in: place, name, value: read(value, 'the key') }])
  }
  if (basic !== undefined) {
    const { username, password } = basic
    return new CallPlan('upstream/auth/authorization', 'basic', [
      { username: read(username, 'the user'), password: read(password, 'the password') },
    ])
  }
  if (bearer !== undefined) {
    return new CallPlan('upstream/auth/authorization', 'bearer', [{ token: read(bearer.token, 'the token') }])
  }
  if (clientCredentials === undefined) return undefined
  const { tokenUrl, clientId, clientSecret, scopes, audience, resource, credentialsIn } = clientCredentials
  return new CallPlan('upstream/auth/client-credentials', 'clientCredentials', [
    {
      tokenUrl: read(tokenUrl, 'where tokens come from'),
      clientId: read(clientId, 'the client'),
      clientSecret: read(clientSecret, "the client's secret"),
      ...(scopes === undefined ? {} : { scopes }),
      ...(audience === undefined ? {} : { audience: read(audience, 'the audience of tokens') }),
      ...(resource === undefined ? {} : { resource: read(resource, 'the resource of tokens') }),
      ...(credentialsIn === undefined ? {} : { credentialsIn }),
    },
  ])
}

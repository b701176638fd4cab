import { error, exposure, narrowable, warning } from './entry.ts'

/** Found while the service is planned (3-plan). */
export const planDiagnostics = {
  'path-conflict': narrowable(
    'operation',
    ({ path, other }: { path: string; other: string }) => `"${path}" matches the same requests as "${other}".`,
    'Paths of one shape cannot be told apart; keep one of them.',
  ),
  'method-not-served': warning(
    ({ method }: { method: string }) => `${method} is not served: a proxy must not pass it on (RFC 9110 §9.3.8).`,
    'Nothing needs to be done; requests with this method are refused.',
  ),
  'client-auth-invalid': error(
    ({ reason }: { reason: string }) => `Certificates of clients cannot be judged: ${reason}.`,
    'Say which authorities count with "clientCa", or leave "clientAuth" out.',
  ),
  'upstream-unverified': exposure(
    ({ upstream }: { upstream: string }) =>
      `Nobody checks that the upstream "${upstream}" is who it says it is ("tls.verify: false").`,
    'Name its authority instead: tls: { ca: ./its-ca.pem }, with "serverName" where its certificate has another name.',
  ),
  'hook-unknown-operation': error(
    ({ name }: { name: string; nearest?: string }) =>
      `No operation is called "${name}", so these hooks would never run.`,
    ({ nearest }) => (nearest === undefined ? undefined : `Did you mean "${nearest}"?`),
  ),
  'hook-unknown-member': error(
    ({ name }: { name: string; nearest?: string }) => `There is no hook "${name}".`,
    ({ nearest }) => `Hooks are onRequest and onResponse.${nearest === undefined ? '' : ` Did you mean "${nearest}"?`}`,
  ),
} as const

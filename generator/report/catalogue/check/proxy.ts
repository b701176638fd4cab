import { error } from '../entry.ts'
import { didYouMean } from './did-you-mean.ts'

/** The x-proxy vocabulary: strict, since what it says protects something. */
export const proxyDiagnostics = {
  'x-proxy-misplaced': error(
    ({ where }: { where: string }) => `x-proxy is not read ${where}.`,
    'It belongs to the document, a path item, an operation, a security scheme or a schema.',
  ),
  'not-supported-yet': error(
    ({ key }: { key: string }) => `"${key}" is not built yet.`,
    'Remove it: a service that seemed to have it would be worse than none.',
  ),
  'wrong-level': error(
    ({ key, level }: { key: string; level: string; levels: readonly string[] }) =>
      `"${key}" may not stand on ${level}.`,
    ({ levels }) => `It belongs on ${levels.join(' or ')}.`,
  ),
  'option-invalid': error(({ key, problem }: { key: string; problem: string }) => `"${key}" ${problem}.`),
  'option-missing': error(({ key, missing }: { key: string; missing: string }) => `"${key}" needs "${missing}".`),
  'secret-literal': error(
    ({ key }: { key: string }) => `"${key}" is a secret, and does not stand in a document.`,
    'Write ${env:NAME}, ${env:NAME:-default} or ${file:/run/secrets/name}: it is read when the service starts.',
  ),
  'setting-malformed': error(
    () => 'This is no setting: write ${env:NAME}, ${env:NAME:-default} or ${file:/path}, and nothing around it.',
  ),
  'unknown-name': error(
    ({ kind, name }: { kind: string; name: string; nearest?: string }) => `There is no ${kind} called "${name}".`,
    didYouMean,
  ),
  'reference-unsuitable': error(
    ({ ref }: { ref: string }) => `"${ref}" is nothing x-proxy can refer to.`,
    'Refer to #/components/x-proxy/<group>/<name>.',
  ),
  'reference-endless': error(({ ref }: { ref: string }) => `"${ref}" leads back to itself.`),
  'verifier-conflict': error(
    ({ key, other }: { key: string; other: string }) => `"${key}" and "${other}" both verify this scheme.`,
    'Keep one of them.',
  ),
} as const

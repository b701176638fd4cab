import { error, narrowable, warning } from '../entry.ts'
import { didYouMean } from './did-you-mean.ts'

/** Servers, security and the document as a whole. */
export const documentDiagnostics = {
  'no-content': error(() => 'There is nothing in this document: neither paths, nor components, nor webhooks.'),
  'nothing-left': error(() => 'With --lenient, every operation is left out: nothing remains to serve.'),
  'server-malformed': narrowable(
    'operation',
    ({ reason }: { reason: string }) => `The server's URL cannot be read: ${reason}.`,
  ),
  'server-variable-undefined': narrowable(
    'operation',
    ({ name }: { name: string }) => `The URL uses {${name}}, which "variables" does not define.`,
    ({ name }) => `Define variables.${name} with its default, or write the value into the URL.`,
  ),
  'server-variable-unused': warning(({ name }: { name: string }) => `The URL does not use the variable "${name}".`),
  'server-variable-empty': narrowable(
    'operation',
    ({ name }: { name: string }) => `The variable "${name}" allows no value at all.`,
  ),
  'server-variable-default': narrowable(
    'operation',
    ({ name, value }: { name: string; value: string }) =>
      `"${value}" is not among the values of the variable "${name}".`,
  ),
  'server-variable-open': warning(
    ({ name }: { name: string }) => `The variable "${name}" lists no value; it is read as if it had no list.`,
  ),
  'server-variable-outside': warning(
    ({ name, value }: { name: string; value: string }) =>
      `"${value}" is not among the values of the variable "${name}".`,
  ),
  'unknown-security-scheme': narrowable(
    'operation',
    ({ name }: { name: string; nearest?: string }) =>
      `There is no security scheme "${name}" in components.securitySchemes.`,
    didYouMean,
  ),
  'security-alternative': warning(
    ({ name }: { name: string; nearest?: string }) =>
      `There is no security scheme "${name}" in components.securitySchemes; this alternative is left out, another must be met.`,
    didYouMean,
  ),
  'component-name': warning(
    ({ name }: { name: string }) => `"${name}" has characters that names of components may not have.`,
    'Letters, digits, ".", "_" and "-" are allowed.',
  ),
  'no-responses': warning(() => 'No response is declared, so answers cannot be checked.'),
  'status-malformed': narrowable(
    'operation',
    ({ status }: { status: string }) => `"${status}" is no status of a response.`,
    'Write a status code (200), a range (2XX) or default.',
  ),
  'status-unusual': warning(
    ({ status }: { status: string }) => `HTTP has no status ${status}; no answer will match it.`,
  ),
} as const

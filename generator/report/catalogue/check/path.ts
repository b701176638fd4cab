import { narrowable, warning } from '../entry.ts'
import { didYouMean } from './did-you-mean.ts'

/** Paths and operations. */
export const pathDiagnostics = {
  'path-without-slash': narrowable(
    'operation',
    ({ path }: { path: string }) => `The path "${path}" must begin with "/".`,
    'Write it as a path below the server.',
  ),
  'path-malformed': narrowable(
    'operation',
    ({ path, reason }: { path: string; reason: string }) => `The path "${path}" cannot be read: ${reason}.`,
  ),
  'path-operator': warning(
    ({ written, name }: { written: string; name: string }) =>
      `{${written}} is written as in RFC 6570; OpenAPI writes {${name}}.`,
    'The style of the parameter says the rest.',
  ),
  'path-wildcard': narrowable(
    'operation',
    ({ written }: { path: string; written: string; name: string }) =>
      `{${written}} is no variable of OpenAPI: a variable is one segment or part of one.`,
    ({ name }) => `Write {${name}}, and one path for each depth.`,
  ),
  'path-with-query': warning(
    ({ path }: { path: string }) =>
      `No path has a "?" or "#": what stands behind "${path}" is asked of the query, or of a parameter of that name.`,
    'Write the path alone, and describe the query with parameters.',
  ),
  'path-unreachable': warning(
    ({ method, path, other }: { method: string; path: string; other: string }) =>
      `No request to ${method} "${path}" can be told from one to "${other}"; it is left out.`,
    'What stands behind "#" never leaves the client: tell them apart by a parameter of the query.',
  ),
  'path-variable-undeclared': narrowable(
    'operation',
    ({ path, name }: { path: string; name: string }) =>
      `"${path}" has a variable {${name}} that no path parameter describes.`,
    ({ name }) => `Add { name: ${name}, in: path, required: true, schema: { type: string } }.`,
  ),
  'path-parameter-unused': narrowable(
    'operation',
    ({ name, path }: { name: string; path: string; nearest?: string }) =>
      `The path parameter "${name}" is not in "${path}".`,
    didYouMean,
  ),
  'duplicate-operation-id': narrowable(
    'name',
    ({ id }: { id: string }) => `The operationId "${id}" is taken.`,
    'Each operation needs its own: file and function are named after it.',
  ),
  'body-unexpected': warning(
    ({ method }: { method: string }) =>
      `A body means nothing to ${method} (RFC 9110); many clients and servers drop it.`,
  ),
  'method-has-field': narrowable(
    'operation',
    ({ method }: { method: string }) => `"${method}" has a field of its own and may not stand in additionalOperations.`,
    ({ method }) => `Write it as "${method.toLowerCase()}" in the path item.`,
  ),
  'method-malformed': narrowable(
    'operation',
    ({ method }: { method: string }) => `"${method}" is no method: it is not a token (RFC 9110).`,
  ),
  'method-unparsable': warning(
    ({ method }: { method: string; nearest?: string }) =>
      `Node's HTTP server takes no requests with the method "${method}"; this operation is left out.`,
    ({ nearest }) => (nearest === undefined ? undefined : `Methods differ by case: did you mean "${nearest}"?`),
  ),
  'method-not-served': warning(
    ({ method }: { method: string }) => `A proxy never forwards ${method} (RFC 9110 §9.3); this operation is left out.`,
  ),
} as const

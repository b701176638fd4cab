import { error, exposure, warning } from './entry.ts'

/** Found by policies while they lower their options. */
export const policyDiagnostics = {
  'scheme-unverified': exposure(
    ({ scheme, consequence }: { scheme: string; consequence: string }) =>
      `Nothing verifies "${scheme}": ${consequence}.`,
    'Give the scheme a verifier, e.g. x-proxy: { apiKey: { consumers: ./my.consumers.yaml } }; jwt, introspection, basic and mtls verify the other types.',
  ),
  'verifier-unsuitable': error(
    ({ verifier, type, wanted }: { verifier: string; type: string; wanted: string }) =>
      `"${verifier}" verifies schemes of type ${wanted}; this one is of type ${type}.`,
  ),
  'consumers-unsuitable': error(
    ({ consumers }: { consumers: string }) =>
      `"${consumers}" is neither a consumers file, whose name ends in .yaml, .yml or .json, nor a store of type redis.`,
    'Stores are declared in components.x-proxy.stores; a setting such as ${env:NAME} may hold what a file would.',
  ),
  'keys-unsuitable': error(
    ({ reason }: { reason: string }) => `Tokens cannot be verified with these keys: ${reason}.`,
    'Name the issuer, or the public keys with "jwksUri" (https) or "jwks" (a file or a JWK Set).',
  ),
  'certificates-unseen': error(
    ({ scheme, reason }: { scheme: string; reason: string }) => `"${scheme}" can never be met: ${reason}.`,
    'Write x-proxy: { server: { tls: { cert: …, key: …, clientCa: … } } } at the top of the document.',
  ),
  'authorize-unverified': error(
    ({ operation }: { operation: string }) => `"authorize" asks who calls "${operation}", but nothing verifies that.`,
    'Give the operation a `security` whose schemes are verified, or write `authorize: false` there.',
  ),
  'authorize-owner': error(
    ({ owner, path }: { owner: string; path: string }) => `"${owner}" is no parameter of the path ${path}.`,
  ),
  'identity-header': error(
    ({ header }: { header: string }) =>
      `"${header}" is no field that can tell who calls: the proxy needs it for something else.`,
  ),
  'limit-invalid': error(
    ({ limit, reason }: { limit: string; reason: string }) => `The limit "${limit}" cannot be kept: ${reason}.`,
  ),
  'xml-int64-enforced': error(
    () => 'With "int64: string" answers do not meet a schema that says integer, so enforcing it would refuse them all.',
    'Declare the property as a string, or leave "validate.response" at "detect".',
  ),
  'xml-prefix-unbound': error(
    ({ prefix }: { prefix: string }) =>
      `The prefix "${prefix}" stands for no namespace, so XML with it cannot be read.`,
    'Write xml.namespace beside it, or x-proxy: { jsonToXml: { namespaces: { prefix: "urn:…" } } }.',
  ),
  'xml-name-impossible': error(
    ({ name }: { name: string }) => `"${name}" cannot be the name of an element or attribute.`,
    'Give the property another name with xml: { name: … }.',
  ),
  'xml-node-none': error(
    ({ property, problem }: { property: string; problem: string }) =>
      `"${property}" has no element of its own (nodeType: none), and ${problem}.`,
    'Give it an element (nodeType: element), or the elements names that only one of them has.',
  ),
  'xml-root-unnamed': warning(
    ({ operation }: { operation: string }) => `Nothing names the root element that "${operation}" sends: it is <root>.`,
    'Write xml: { name: … } into the schema of the request body.',
  ),
  'transform-violates': error(
    ({ change, problem }: { change: string; problem: string }) => `"${change}" cannot meet the contract: ${problem}.`,
    'The contract is what callers send and get: declare what the transformation makes.',
  ),
  'transform-unknown': error(
    ({ change, name }: { change: string; name: string }) =>
      `"${change}" changes "${name}", which no request has: the contract does not declare it.`,
  ),
  'transform-cached': error(
    ({ operation, what }: { operation: string; what: string; mend: string }) =>
      `What "transform" makes for "${operation}" depends on ${what}, and the cache might give it to others.`,
    ({ mend }) => `Write x-proxy: { cache: { key: { ${mend} } } } there, or cache: false.`,
  ),
  'setting-embedded': error(
    () => 'A setting must be the whole value; it cannot stand inside other text.',
    'Write "${env:NAME}" alone and put the rest into the variable.',
  ),
  'cache-by-role': error(
    ({ operation }: { operation: string }) =>
      `Answers of "${operation}" differ by role ("visibleTo"), and the cache might give those of one role to another.`,
    'Write x-proxy: { cache: { key: { consumer: always } } } there, or cache: false.',
  ),
  'response-undeclared': warning(
    () => 'Nothing is declared of this object: under "sanitize.undeclared" it goes out without members.',
    'List its properties; additionalProperties: true lets anything through.',
  ),
  'response-unreadable': warning(
    ({ mediaType }: { mediaType: string }) =>
      `Members of ${mediaType} cannot be looked at: an answer of that type is not passed on (sanitize).`,
    'XML can be: xmlToJson. A body that is text has type: string, or no schema.',
  ),
} as const

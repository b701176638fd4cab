import { error, narrowable, warning } from './entry.ts'

const didYouMean = ({ nearest }: { nearest?: string }) =>
  nearest === undefined ? undefined : `Did you mean "${nearest}"?`

/** Found while files, references and overlays are read (1-read). */
export const readDiagnostics = {
  // Files
  'file-unreadable': error(({ file, reason }: { file: string; reason: string }) => `Cannot read ${file}: ${reason}.`),
  'encoding-unsupported': error(
    ({ encoding }: { encoding: string }) => `The file is ${encoding}.`,
    'Save it as UTF-8 (RFC 8259 §8.1).',
  ),
  'empty-document': error(() => 'The file is empty.'),
  syntax: error(({ reason }: { reason: string }) => `This is not valid YAML or JSON: ${reason}`),
  'yaml-outdented': error(
    () => 'What stands in brackets goes on left of its key, which YAML does not allow.',
    'Indent it, the closing bracket too.',
  ),
  'yaml-quote-outdented': warning(
    () => 'A quoted text goes on left of its key, which YAML does not allow; it is read to its closing quote.',
    'Indent its lines.',
  ),
  'yaml-warning': warning(({ reason }: { reason: string }) => `YAML: ${reason}`),
  'yaml-documents': error(
    () => 'Another document begins here, in the same file.',
    'Put it into a file of its own: only the first would be read.',
  ),
  'duplicate-key': error(
    ({ key }: { key: string }) => `"${key}" stands here a second time.`,
    'Which one counts depends on the reader; keep one of them.',
  ),
  'key-not-text': error(() => 'A list or an object cannot be the name of a member.'),
  'alias-unknown': error(({ alias }: { alias: string }) => `No anchor "&${alias}" stands before this alias.`),
  'alias-cycle': error(({ alias }: { alias: string }) => `The alias "*${alias}" contains itself.`),
  'alias-bomb': error(
    ({ limit }: { limit: number }) => `Its aliases expand to more than ${limit} values.`,
    'Use $ref to components for what is repeated.',
  ),
  'too-deep': error(({ limit }: { limit: number }) => `Values are nested more than ${limit} deep.`),

  // The document
  'not-openapi': error(
    () => 'This is not an OpenAPI document: it has neither "openapi" nor "swagger".',
    'Say which version it is, e.g. openapi: 3.1.1',
  ),
  'version-unknown': error(
    ({ version }: { field: string; version: string }) => `OpenAPI "${version}" is not known.`,
    ({ field }) => (field === 'swagger' ? 'Known is swagger: "2.0".' : 'Known are 3.0, 3.1 and 3.2.'),
  ),
  'version-not-text': error(
    ({ field }: { field: string }) => `The value of "${field}" must be text.`,
    'Put it in quotes, e.g. "2.0".',
  ),
  'version-shorthand': warning(
    ({ version, read }: { version: string; read: string }) => `"${version}" is read as OpenAPI ${read}.`,
    ({ read }) => `Write the full version in quotes, e.g. "${read}.0".`,
  ),
  'schema-dialect': warning(
    ({ dialect }: { dialect: string }) =>
      `The dialect "${dialect}" is not known; schemas are read as JSON Schema 2020-12.`,
  ),

  // References
  'ref-not-found': narrowable(
    'operation',
    ({ ref }: { ref: string; nearest?: string }) => `The reference "${ref}" leads nowhere.`,
    didYouMean,
  ),
  'ref-file': narrowable(
    'operation',
    ({ ref, reason }: { ref: string; reason: string; nearest?: string }) =>
      `The file of the reference "${ref}" cannot be read: ${reason}.`,
    didYouMean,
  ),
  'remote-ref': narrowable(
    'operation',
    ({ ref }: { ref: string }) => `"${ref}" is on the network; nothing is fetched while compiling.`,
    'Download it beside the document and refer to the file.',
  ),
  'remote-ref-ignored': warning(
    ({ ref }: { ref: string }) => `"${ref}" is on the network and is not fetched; it is left out.`,
  ),
  'ref-not-found-ignored': warning(
    ({ ref }: { ref: string }) => `The reference "${ref}" leads nowhere; it is left out.`,
  ),
  'ref-absolute': narrowable(
    'operation',
    ({ ref }: { ref: string; nearest?: string }) => `"${ref}" is not relative to this file.`,
    ({ nearest }) =>
      nearest === undefined
        ? 'Refer to files by a relative path, e.g. ./schemas/pet.yaml'
        : `Did you mean "${nearest}"?`,
  ),
  'ref-invalid': narrowable('operation', () => 'The value of $ref must be text.'),
  'ref-kind': narrowable(
    'operation',
    ({ ref, expected }: { ref: string; expected: string }) => `"${ref}" leads to something else than a ${expected}.`,
  ),
  'ref-parameter': warning(
    ({ ref }: { ref: string }) => `"${ref}" is not a schema; the schema it has is meant.`,
    'Move the schema to components and refer to it from both.',
  ),
  'ref-plus': warning(
    ({ ref }: { ref: string }) => `In "${ref}" the "+" is read as a space.`,
    'Write %20; a plus sign stands for itself in a URI.',
  ),
  'ref-cycle': narrowable(
    'operation',
    () => 'This reference leads back to itself.',
    'A chain of references must end at something that is not a reference.',
  ),
  'ref-not-allowed': warning(
    ({ count }: { count: number }) =>
      `OpenAPI has no reference here; it was followed all the same${count === 1 ? '' : ` (${count} times in this document, first here)`}.`,
  ),
  'mapping-not-found': warning(
    ({ name }: { name: string; nearest?: string }) => `No schema is called "${name}"; the mapping is left out.`,
    didYouMean,
  ),
  'dynamic-ref': narrowable(
    'operation',
    ({ ref }: { ref: string }) =>
      `Where "${ref}" leads cannot be told: several schemas have $recursiveAnchor, and it stands in none of them.`,
    'Use $ref.',
  ),

  // OpenAPI 2.0 and 3.0 read as 3.1
  'nullable-kept': warning(
    () => '"nullable" is no keyword since OpenAPI 3.1; it is read as it was in 3.0.',
    'Write type: [string, "null"].',
  ),
  'exclusive-boolean': warning(
    ({ key }: { key: string }) => `"${key}" is a number since OpenAPI 3.1; it is read as it was in 3.0.`,
  ),
  'items-list': warning(
    () => 'A list of schemas is "prefixItems" since JSON Schema 2020-12; "items" is read as that.',
    'Write prefixItems, or one schema for all items.',
  ),
  'body-conflict': narrowable(
    'operation',
    () => 'An operation has one body: a second "in: body", or "in: formData" beside it.',
    'Keep one "in: body" parameter, or only "in: formData" ones.',
  ),
  'duplicate-form-field': narrowable(
    'operation',
    ({ name }: { name: string }) => `The form field "${name}" is declared twice.`,
  ),
  'collection-format': narrowable(
    'operation',
    ({ format, location }: { format: string; location: string }) =>
      `collectionFormat "${format}" cannot be used in "${location}".`,
  ),
  'collection-format-lost': warning(
    ({ format }: { format: string }) =>
      `collectionFormat "${format}" cannot be said since OpenAPI 3.0; it is read as csv.`,
  ),
  'file-without-multipart': warning(
    () => 'A file can only be sent as multipart/form-data, which "consumes" does not list.',
  ),
  'items-missing': narrowable(
    'operation',
    () => 'An array needs "items": what its values are.',
    'Add e.g. items: { type: string }.',
  ),
  'type-not-here': narrowable(
    'operation',
    ({ type, owner }: { type: string; owner: string }) => `In OpenAPI 2.0 no ${owner} is of type "${type}".`,
    ({ type }) =>
      type === 'file' ? 'A file is sent by a parameter in: formData.' : 'Describe objects by a body and its schema.',
  ),
  'keyword-newer': warning(
    ({ key }: { key: string }) => `OpenAPI 2.0 has no "${key}"; it is taken as OpenAPI 3 has it.`,
    'Write the document as OpenAPI 3, which has it.',
  ),
  'parameter-in': narrowable(
    'operation',
    ({ location }: { location: string }) => `A parameter cannot be in "${location}".`,
    'Known are path, query, header, formData and body.',
  ),

  // Overlays
  'overlay-invalid': error(({ reason }: { reason: string }) => `This is not a valid overlay: ${reason}.`),
  'overlay-info': warning(
    () => 'An overlay needs "info" with a title and a version.',
    'Add e.g. info: { title: What this changes, version: 1.0.0 }.',
  ),
  'overlay-version': error(
    ({ version }: { version: string }) => `Overlay "${version}" is not known.`,
    'Known are 1.0 and 1.1.',
  ),
  'overlay-key': error(
    ({ key }: { key: string; nearest?: string }) => `"${key}" is not known in an overlay.`,
    didYouMean,
  ),
  'overlay-path': error(({ reason }: { reason: string }) => `This is not a valid JSONPath (RFC 9535): ${reason}.`),
  'overlay-no-match': warning(({ target }: { target: string }) => `Nothing in the document matches "${target}".`),
  'overlay-mismatch': error(
    ({ target, found }: { target: string; found: string }) =>
      `"${target}" selects ${found}, which this cannot be merged with.`,
  ),
  'overlay-copy': error(
    ({ source, count }: { source: string; count: number }) => `"${source}" must select one value; it selects ${count}.`,
  ),
  'hook-not-object': error(
    ({ name }: { name: string }) => `The export "${name}" of a hooks file must be an object written in place.`,
    "Write export const getOrder: Hooks['getOrder'] = { onRequest(request) { … } }.",
  ),
} as const

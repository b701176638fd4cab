import { basename, dirname } from 'node:path'
import { pointerTokens } from '../../model/place.ts'

/** Names that say nothing about what stands below them. */
const structure = new Set(
  `components definitions $defs schemas responses parameters examples requestBodies headers securitySchemes links callbacks
  pathItems mediaTypes paths properties patternProperties items content schema allOf anyOf oneOf get put post delete options
  head patch trace`.split(/\s+/),
)

/** Where the first token is one of these, the file itself is the schema, and its name belongs to the name. */
const within = new Set(['properties', 'patternProperties', 'items', 'allOf', 'anyOf', 'oneOf', 'additionalProperties'])

/**
 * Readable names for something that becomes a component, from where it stands (`<file>#<pointer>`), best first:
 * `./schemas/pet.yaml` → `pet`, `common.yaml#/definitions/Error` → `Error`,
 * `#/components/schemas/Pet/properties/owner` → `Pet_owner`.
 *
 * @param owner the component that it stands in, if it does, and the location of that
 */
export function* componentNames(
  location: string,
  owner: { readonly name: string; readonly location: string } | undefined,
  fallback: string,
): Generator<string> {
  const hash = location.indexOf('#/')
  const path = hash === -1 ? location.replace(/#$/, '') : location.slice(0, hash)
  const tokens = hash === -1 ? [] : pointerTokens(location.slice(hash + 1))
  const stem = basename(path).replace(/\.(ya?ml|json)$/i, '')
  const file = safeName(/^_?(index|schema|openapi)$/i.test(stem) ? basename(dirname(path)) : stem)
  const rest = owner === undefined ? tokens : pointerTokens(location.slice(owner.location.length))
  const words = rest.map((token, index) => (index < rest.length - 1 && structure.has(token) ? '' : safeName(token)))
  const prefix = owner?.name ?? (tokens[0] !== undefined && within.has(tokens[0]) ? file : '')
  const first = [prefix, ...words].filter((word) => word !== '').join('_') || file || fallback
  yield first
  if (owner === undefined && first !== file && file !== '') yield `${file}_${first}`
  for (let number = 2; ; number++) yield `${first}_${number}`
}

/** Component names are `^[a-zA-Z0-9._-]+$`. OpenAPI 3.1 §4.8.7 */
export function safeName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^_+|_+$/g, '')
}

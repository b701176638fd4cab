import { basename, dirname } from 'node:path'
import { pointerTokens } from '../../model/place.ts'

/** Names that say nothing about what stands below them. */
const structure = new Set(
  `components definitions $defs schemas responses parameters examples requestBodies headers securitySchemes links callbacks
  pathItems mediaTypes paths properties patternProperties items content schema allOf anyOf oneOf get put post delete options
  head patch trace`.split(/\s+/),
)

/**
 * A readable name for something that becomes a component, from where it stands (`<file>#<pointer>`):
 * `./schemas/pet.yaml` → `pet`, `common.yaml#/definitions/Error` → `Error`,
 * `#/components/schemas/Pet/properties/owner` → `Pet_owner`.
 */
export function* componentNames(location: string, fallback: string): Generator<string> {
  const hash = location.indexOf('#/')
  const path = hash === -1 ? location.replace(/#$/, '') : location.slice(0, hash)
  const tokens = hash === -1 ? [] : pointerTokens(location.slice(hash + 1))
  const stem = basename(path).replace(/\.(ya?ml|json)$/i, '')
  const file = safe(/^_?(index|schema|openapi)$/i.test(stem) ? basename(dirname(path)) : stem)
  const words = tokens.map((token, index) => (index < tokens.length - 1 && structure.has(token) ? '' : safe(token)))
  const own = words.filter((word) => word !== '').join('_')
  const first = own || file || fallback
  yield first
  if (own && file) yield `${file}_${own}`
  for (let number = 2; ; number++) yield `${first}_${number}`
}

/** Component names are `^[a-zA-Z0-9._-]+$`. OpenAPI 3.1 §4.8.7 */
function safe(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^_+|_+$/g, '')
}

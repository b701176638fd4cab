import { member } from '../../model/json.ts'
import type { Spot } from '../link/spot.ts'
import type { Conversion } from '../normalise/components.ts'
import type { Converter, ObjectConversion } from '../normalise/converter.ts'
import { type Section, sections } from '../normalise/kinds.ts'
import { type Defaults, pathItem, responseWith } from './operation.ts'
import { header, parameter } from './parameter.ts'
import { listed } from './pick.ts'
import { response } from './response.ts'
import { securityScheme } from './security-scheme.ts'
import { serversOf } from './servers.ts'

/** Members of the document that stand elsewhere in 3.x. */
const moved = new Set(['swagger', 'host', 'basePath', 'schemes', 'consumes', 'produces', 'paths', 'components'])
const definitions = new Set(['definitions', 'parameters', 'responses', 'securityDefinitions'])

/** Converts objects of OpenAPI 2.0. */
export function swaggerConversion(converter: Converter, rootOf: (spot: Spot) => Spot): ObjectConversion {
  return (spot, kind, out) => {
    switch (kind) {
      case 'pathItem':
        pathItem(converter, spot, defaultsOf(converter, rootOf(spot)), out)
        return true
      case 'parameter':
        parameter(converter, spot, out)
        return true
      case 'header':
        header(converter, spot, out)
        return true
      case 'response':
        response(converter, spot, defaultsOf(converter, rootOf(spot)).produces, out)
        return true
      case 'securityScheme':
        securityScheme(converter, spot, out)
        return true
      default:
        return false
    }
  }
}

/** The document itself, without its components. */
export function swaggerDocument(converter: Converter, root: Spot): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  converter.move(out, 'openapi', '3.1.1', converter.linker.child(root, 'swagger').place)
  const value = root.value as Record<string, unknown>
  const servers = serversOf(converter, root)
  for (const key of Object.keys(value)) {
    if (key === 'paths') converter.member(root, key, 'paths', out)
    else if (!moved.has(key) && !definitions.has(key)) converter.member(root, key, 'any', out)
    if (key === 'info' && servers !== undefined) {
      const at = Object.hasOwn(value, 'host') ? 'host' : 'basePath'
      converter.move(out, 'servers', servers, converter.linker.child(root, at).place)
    }
  }
  return out
}

/** Where the author's components stand, by section. */
export const swaggerSections = {
  schemas: ['definitions'],
  parameters: ['parameters'],
  responses: ['responses'],
  securitySchemes: ['securityDefinitions'],
} as const

/** How they are converted; parameters `in: body` and `formData` go where operations use them. */
export function swaggerConversionOf(
  converter: Converter,
  root: Spot,
  section: Section,
  entry: Spot,
): Conversion | undefined {
  if (section === 'responses') return responseWith(converter, defaultsOf(converter, root).produces)
  const where = section === 'parameters' ? member(entry.value, 'in') : undefined
  return where === 'body' || where === 'formData' ? undefined : converter.conversion(sections[section])
}

function defaultsOf(converter: Converter, root: Spot): Defaults {
  const own = (key: string) => listed(converter, converter.linker.child(root, key)) ?? []
  const schemes = own('schemes').map(({ text }) => text)
  return {
    consumes: own('consumes'),
    produces: own('produces'),
    schemes,
    serversFor: (asked) =>
      schemes.length === 0 || asked.some(({ text }) => text === schemes[0])
        ? undefined
        : serversOf(converter, root, asked),
  }
}

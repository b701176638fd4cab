import { referenceTokens } from '../../model/component-reference.ts'
import { isObject } from '../../model/json.ts'
import type { Spot } from '../link/spot.ts'
import type { Converter } from './converter.ts'

/**
 * Since 3.2 a scheme may be named by its URI; a name of a component is one first. It becomes the name of a component like
 * every reference. https://spec.openapis.org/oas/v3.2.0.html#security-requirement-object
 */
export function convertRequirement(converter: Converter, spot: Spot): unknown {
  const { value } = spot
  if (!isObject(value) || spot.scope.file.version < '3.2') return value
  const named = converter.components.section('securitySchemes')
  const isUri = (key: string): boolean => !Object.hasOwn(named, key) && /[#/.:]/.test(key)
  if (!Object.keys(value).some(isUri)) return value
  const out: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const hoisted = isUri(key)
      ? converter.components.hoist(key, spot, converter.conversion('securityScheme'))
      : undefined
    const name = hoisted !== undefined && 'ref' in hoisted ? referenceTokens(hoisted.ref)?.at(-1) : undefined
    // What leads nowhere stays as it was written: 2-check says that there is no such scheme.
    converter.move(out, name ?? key, value[key], converter.linker.child(spot, key).place)
  }
  converter.places.set(out, spot.place)
  return out
}

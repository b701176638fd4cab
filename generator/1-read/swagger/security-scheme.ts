import type { Spot } from '../link/spot.ts'
import type { Converter } from '../normalise/converter.ts'

/** The flows of 2.0 by the names they have in 3.x. */
const flows: Readonly<Record<string, string>> = {
  implicit: 'implicit',
  password: 'password',
  application: 'clientCredentials',
  accessCode: 'authorizationCode',
}

export function securityScheme(converter: Converter, spot: Spot, out: Record<string, unknown>): void {
  const value = spot.value as Record<string, unknown>
  const type = converter.linker.child(spot, 'type')
  const isFlow = value['type'] === 'oauth2' && typeof value['flow'] === 'string'
  const flowMembers = new Set(isFlow ? ['flow', 'authorizationUrl', 'tokenUrl', 'scopes'] : [])
  for (const key of Object.keys(value)) if (!flowMembers.has(key)) converter.member(spot, key, 'any', out)
  if (value['type'] === 'basic') {
    converter.move(out, 'type', 'http', type.place)
    converter.move(out, 'scheme', 'basic', type.place)
  }
  if (!isFlow) return
  const flow = converter.linker.child(spot, 'flow')
  const written = flow.value as string
  const made: Record<string, unknown> = {}
  for (const key of ['authorizationUrl', 'tokenUrl', 'scopes']) {
    if (Object.hasOwn(value, key)) converter.member(spot, key, 'any', made)
  }
  converter.places.set(made, spot.place)
  const name = Object.hasOwn(flows, written) ? flows[written]! : written
  const all = {}
  converter.move(all, name, made, spot.place)
  converter.move(out, 'flows', all, flow.place)
  // The flow's members stand beside `flow`, so their pointers go through the scheme itself.
  converter.places.setMember(all, name, spot.place)
}

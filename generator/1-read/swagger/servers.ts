import { member } from '../../model/json.ts'
import type { Spot } from '../link/spot.ts'
import type { Converter } from '../normalise/converter.ts'
import { type Listed, listed } from './pick.ts'

/** `schemes`, `host` and `basePath` as `servers`. https://swagger.io/specification/v2/#swagger-object */
export function serversOf(converter: Converter, root: Spot, schemes?: readonly Listed[]): unknown[] | undefined {
  const host = member(root.value, 'host')
  const basePath = member(root.value, 'basePath')
  const path = typeof basePath === 'string' ? basePath.replace(/\/+$/, '') : ''
  const place = converter.linker.child(root, typeof host === 'string' ? 'host' : 'basePath').place
  const made: unknown[] = []
  const add = (url: string, where: Spot['place']) => {
    const server = {}
    converter.move(server, 'url', url, where)
    converter.places.set(server, where)
    made.push(server)
  }
  if (typeof host !== 'string') {
    if (typeof basePath !== 'string') return undefined
    add(path || '/', place)
    return made
  }
  const web = (schemes ?? listed(converter, converter.linker.child(root, 'schemes')) ?? []).filter(({ text }) =>
    /^https?$/.test(text),
  )
  // "If the schemes is not included, the default scheme to be used is the one used to access the definition": unknown here.
  for (const scheme of web.length > 0 ? web : [{ text: 'https' }]) add(`${scheme.text}://${host}${path}`, place)
  return made
}

import { isObject, member } from '../../model/json.ts'
import type { Spot } from '../link/spot.ts'
import type { Converter } from '../normalise/converter.ts'
import { put } from '../put.ts'
import type { Listed } from './pick.ts'

/** A 2.0 response; the media types come from its operation, or from the document. */
export function response(
  converter: Converter,
  spot: Spot,
  produces: readonly Listed[],
  out: Record<string, unknown>,
): void {
  const value = spot.value as Record<string, unknown>
  for (const key of Object.keys(value)) {
    if (key === 'headers') converter.member(spot, key, { map: 'header' }, out)
    else if (key !== 'schema' && key !== 'examples') converter.member(spot, key, 'any', out)
  }
  const schema = converter.linker.child(spot, 'schema')
  const examples = converter.linker.child(spot, 'examples')
  const hasSchema = Object.hasOwn(value, 'schema')
  if (!hasSchema && !isObject(examples.value)) return
  const isFile = member(schema.value, 'type') === 'file'
  const media = produces.length > 0 ? produces : assumed(converter, examples, hasSchema ? schema : examples, isFile)
  const content: Record<string, unknown> = {}
  for (const { text, place } of media) {
    const made: Record<string, unknown> = {}
    // "type: file" is bytes of any kind, also under application/json: in 3.1 that is a media type without a schema.
    if (hasSchema && !isFile) converter.move(made, 'schema', converter.convert(schema, 'schema'), schema.place)
    if (isObject(examples.value) && Object.hasOwn(examples.value, text)) {
      put(made, 'example', examples.value[text])
      converter.places.setMember(made, 'example', converter.linker.child(examples, text).place)
    }
    converter.move(content, text, made, place)
  }
  converter.move(out, 'content', content, hasSchema ? schema.place : examples.place)
}

/** Nothing says what is produced: what the examples are, else JSON, which the schema describes best. */
function assumed(converter: Converter, examples: Spot, at: Spot, isFile: boolean): Listed[] {
  if (isFile) return [{ text: 'application/octet-stream', place: at.place }]
  const shown = isObject(examples.value) ? Object.keys(examples.value).filter((key) => key.includes('/')) : []
  if (shown.length === 0) return [{ text: 'application/json', place: at.place }]
  return shown.map((text) => ({ text, place: converter.linker.child(examples, text).place }))
}

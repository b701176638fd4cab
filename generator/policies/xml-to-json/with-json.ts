import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { isJson, isXml } from '../media-types.ts'

/** A response that is declared as XML is offered as JSON of the same schema first; callers may still ask for the XML. */
export function withJson(response: JsonObject): JsonObject {
  const content = response['content']
  if (!isObject(content)) return response
  const types = Object.entries(content as JsonObject)
  const xml = types.find(([type]) => isXml(essence(type)))
  if (xml === undefined || types.some(([type]) => isJson(essence(type)))) return response
  const { example: _example, examples: _examples, ...media } = xml[1] as { [key: string]: Json }
  return { ...response, content: { 'application/json': media, ...(content as JsonObject) } }
}

function essence(mediaType: string): string {
  return mediaType.split(';')[0]!.trim().toLowerCase()
}

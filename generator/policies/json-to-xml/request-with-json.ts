import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { isJson, isXml } from '../media-types.ts'

/** A body that is declared as XML may be sent as JSON of the same schema, and that is what is offered first. */
export function requestWithJson(requestBody: JsonObject): JsonObject {
  const content = requestBody['content']
  if (!isObject(content)) return requestBody
  const types = Object.entries(content as JsonObject)
  const xml = types.find(([type]) => isXml(essence(type)))
  if (xml === undefined || types.some(([type]) => isJson(essence(type)))) return requestBody
  const { example: _example, examples: _examples, ...media } = xml[1] as { [key: string]: Json }
  return { ...requestBody, content: { 'application/json': media, ...(content as JsonObject) } }
}

function essence(mediaType: string): string {
  return mediaType.split(';')[0]!.trim().toLowerCase()
}

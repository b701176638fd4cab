import { componentReference } from '../model/component-reference.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import type { ProxyAnswer } from '../policies/publication.ts'
import { withFields } from '../policies/publication.ts'

/** Of the shape of RFC 9457 §3.1, with the member `errors` that validation adds. */
export const problemSchema: JsonObject = {
  description: 'A problem, as RFC 9457 says it.',
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail', 'keyword'],
        properties: {
          pointer: { type: 'string', format: 'json-pointer' },
          parameter: { type: 'string' },
          in: { type: 'string' },
          header: { type: 'string' },
          detail: { type: 'string' },
          keyword: { type: 'string' },
        },
      },
    },
  },
}

const mediaType = 'application/problem+json'

/** Writes problems into responses; `name` is what the schema of problems is called in the document. */
export class ProblemAnswers {
  readonly #schema: JsonObject
  /** Whether the document needs the schema. */
  isUsed = false

  constructor(name: string) {
    this.#schema = { $ref: componentReference('schemas', name) }
  }

  /** The response whose body may also be a problem. */
  also(response: JsonObject): JsonObject {
    const content = (response['content'] ?? {}) as JsonObject
    const [type = mediaType, declared] =
      Object.entries(content).find(([type]) => type.split(';')[0]!.trim().toLowerCase() === mediaType) ?? []
    const media = isObject(declared) ? (declared as JsonObject) : {}
    const schema = this.#either(media['schema'])
    if (declared !== undefined && schema === media['schema']) return response
    return { ...response, content: { ...content, [type]: { ...media, ...(schema === undefined ? {} : { schema }) } } }
  }

  /** The response whose body is a problem whenever there is one. */
  only(response: JsonObject): JsonObject {
    this.isUsed = true
    return { ...response, content: { [mediaType]: { schema: this.#schema } } }
  }

  made({ description, headers, isBare }: ProxyAnswer): JsonObject {
    const response = withFields({ description }, headers ?? {})
    return isBare === true ? response : this.only(response)
  }

  /** Where the document describes problems of its own, those of the proxy come beside them. */
  #either(declared: Json | undefined): Json | undefined {
    if (declared === true || (isObject(declared) && Object.keys(declared).length === 0)) return declared
    this.isUsed = true
    if (declared === undefined) return this.#schema
    const branches = isObject(declared) && Array.isArray(declared['anyOf']) ? declared['anyOf'] : [declared]
    const isListed = branches.some((one) => isObject(one) && one['$ref'] === this.#schema['$ref'])
    return isListed ? declared : { anyOf: [declared, this.#schema] }
  }
}

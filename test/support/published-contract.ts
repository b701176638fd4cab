import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { JsonObject } from '../../generator/model/json.ts'
import type { UpstreamAnswer } from './recording-upstream.ts'
import { type Received, type Sent, valuesOf } from './send.ts'

/** Kinds of problems that are said before it is known which operation is asked for: no operation can declare them. */
const beforeRouting = new Set([
  ...['bad-request', 'not-found', 'method-not-allowed', 'request-timeout', 'length-required', 'uri-too-long'],
  ...['expectation-failed', 'misdirected-request', 'fields-too-large', 'http-version-not-supported', 'not-implemented'],
])

type Tree = { readonly [key: string]: unknown }

interface Shown {
  readonly method: string
  readonly path: RegExp
  readonly pointer: string
  readonly operation: Tree
}

/** The public contract of a compiled service, to judge its answers by: is what callers get what they were told? */
export class PublishedContract {
  readonly #document: Tree
  readonly #operations: readonly Shown[]
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, logger: false })

  /** @param bundle the path of `dist/server.js` */
  constructor(bundle: string) {
    this.#document = JSON.parse(readFileSync(join(dirname(dirname(bundle)), 'openapi.json'), 'utf8')) as Tree
    this.#ajv.addSchema({ $id: 'contract:', ...(forAnswers(this.#document) as JsonObject) }, 'contract:')
    this.#operations = operationsOf(this.#document)
  }

  /**
   * What is wrong with an answer; empty where it is as published, or to no operation that is shown. What an upstream said and
   * the proxy only passed on (`validate.response: detect`) is the upstream's fault, not the publication's.
   * @param said what the upstream has answered so far
   */
  judge(sent: Sent, received: Received, said: readonly UpstreamAnswer[]): string[] {
    const shown = this.#find(sent)
    if (shown === undefined || isBeforeRouting(received)) return []
    const { status } = received
    const responses = (shown.operation['responses'] ?? {}) as Tree
    const key = [String(status), `${Math.floor(status / 100)}XX`, `${Math.floor(status / 100)}xx`, 'default'].find(
      (one) => Object.hasOwn(responses, one),
    )
    if (key === undefined) {
      return said.some((one) => (one.status ?? 200) === status)
        ? []
        : [`contract: the status ${status} is not published`]
    }
    const { response, pointer } = this.#resolved(responses[key] as Tree, `${shown.pointer}/responses/${escaped(key)}`)
    return [
      ...this.#refused(sent, received, responses),
      ...missingFields(response, received),
      ...this.#content(response, pointer, received, said),
    ]
  }

  /** A media type that is offered must be had. */
  #refused({ headers = {} }: Sent, { status }: Received, responses: Tree): string[] {
    const accept = Object.entries(headers).find(([name]) => name.toLowerCase() === 'accept')?.[1]
    if (status !== 406 || typeof accept !== 'string') return []
    const offered = Object.entries(responses)
      .filter(([key]) => key.startsWith('2'))
      .flatMap(([, one]) => Object.keys((this.#resolved(one as Tree, '').response['content'] ?? {}) as Tree))
    return offered
      .filter((type) => accept.split(/[,;\s]+/).includes(type))
      .map((type) => `contract: ${type} is published, and refused`)
  }

  #content(response: Tree, pointer: string, received: Received, said: readonly UpstreamAnswer[]): string[] {
    const content = response['content'] as Tree | undefined
    const { body } = received
    if (content === undefined || body.length === 0) return []
    const type = essence(valuesOf(received.rawHeaders, 'content-type')[0] ?? 'application/octet-stream')
    const family = `${type.split('/')[0]}/*`
    const key = [type, family, '*/*'].flatMap(
      (one) => Object.keys(content).find((key) => essence(key) === one) ?? [],
    )[0]
    if (key === undefined) return said.some((one) => typeOf(one) === type) ? [] : [`contract: ${type} is not published`]
    const hasSchema = typeof (content[key] as Tree)['schema'] !== 'undefined'
    if (!hasSchema || !/[/+]json$/.test(type) || said.some((one) => textOf(one) === body.toString())) return []
    const validate = this.#ajv.compile({ $ref: `contract:#${encodeURI(`${pointer}/content/${escaped(key)}/schema`)}` })
    if (validate(JSON.parse(body.toString()))) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `contract: the body ${instancePath} ${message}`)
  }

  #find({ method = 'GET', target }: Sent): Shown | undefined {
    const path = target.replace(/^https?:\/\/[^/]*/, '').split(/[?#]/)[0]!
    return this.#operations.find((one) => one.method === method && one.path.test(path))
  }

  #resolved(value: Tree, pointer: string): { readonly response: Tree; readonly pointer: string } {
    const ref = value['$ref']
    if (typeof ref !== 'string') return { response: value, pointer }
    const at = decodeURI(ref.slice(1))
    const tokens = at
      .slice(1)
      .split('/')
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    return { response: tokens.reduce<Tree>((one, token) => one[token] as Tree, this.#document), pointer: at }
  }
}

/** Literal paths before templated ones; keys that ask for more than a path are left out. */
function operationsOf(document: Tree): Shown[] {
  const base = (document['servers'] as { url: string }[])[0]!.url.replace(/\/$/, '')
  const paths = Object.entries(document['paths'] as { [path: string]: Tree })
  const keys = paths.map(([path]) => path.split(/[?#]/)[0]!)
  return paths
    .filter(([path]) => !/[?#]/.test(path) && keys.filter((key) => key === path).length === 1)
    .sort(([a], [b]) => a.split('{').length - b.split('{').length)
    .flatMap(([path, item]) => {
      const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      const pattern = new RegExp(
        `^${(base + path)
          .split(/\{[^}]*\}/)
          .map(literal)
          .join('[^/]+')}$`,
      )
      return Object.entries(item).flatMap(([key, operation]): Shown[] => {
        const pointer = `/paths/${escaped(path)}/${key}`
        if (key !== 'additionalOperations') {
          const isOperation = typeof operation === 'object' && Object.hasOwn(operation as Tree, 'responses')
          return isOperation
            ? [{ method: key.toUpperCase(), path: pattern, pointer, operation: operation as Tree }]
            : []
        }
        return Object.entries(operation as Tree).map(([method, one]) => ({
          method,
          path: pattern,
          pointer: `${pointer}/${method}`,
          operation: one as Tree,
        }))
      })
    })
}

/** OpenAPI §4.24: what is `writeOnly` is not asked for in answers, though JSON Schema knows nothing of that. */
function forAnswers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forAnswers)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => [key, forAnswers(member)])
  const { required, properties } = value as { required?: unknown; properties?: Tree }
  if (!Array.isArray(required) || typeof properties !== 'object') return Object.fromEntries(entries)
  const kept = required.filter((name) => (properties[name] as Tree | undefined)?.['writeOnly'] !== true)
  return { ...Object.fromEntries(entries), required: kept }
}

function isBeforeRouting({ rawHeaders, body }: Received): boolean {
  if (essence(valuesOf(rawHeaders, 'content-type')[0] ?? '') !== 'application/problem+json' || body.length === 0)
    return false
  const { type } = JSON.parse(body.toString()) as { type?: string }
  return beforeRouting.has(type?.split('/').at(-1) ?? '')
}

function missingFields(response: Tree, { rawHeaders }: Received): string[] {
  return Object.entries((response['headers'] ?? {}) as { [name: string]: Tree })
    .filter(([name, header]) => header['required'] === true && valuesOf(rawHeaders, name).length === 0)
    .map(([name]) => `contract: the field ${name} is published as required, and missing`)
}

function textOf({ body }: UpstreamAnswer): string {
  return typeof body === 'string'
    ? body
    : body === undefined
      ? ''
      : Buffer.isBuffer(body)
        ? body.toString()
        : JSON.stringify(body)
}

function typeOf({ headers = {}, body }: UpstreamAnswer): string {
  const written = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  const given =
    typeof body === 'object' && written === undefined
      ? 'application/json'
      : String(written ?? 'application/octet-stream')
  return essence(given)
}

function essence(mediaType: string): string {
  return mediaType.split(';')[0]!.trim().toLowerCase()
}

function escaped(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}

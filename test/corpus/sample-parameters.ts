import type { Oracle } from './oracle.ts'
import type { Draft } from './request.ts'
import { sample } from './sample.ts'
import { asIs, encode, writePairs, writeText } from './serialise.ts'
import { type SourceDocument, Unreadable } from './source-document.ts'
import type { SourceOperation, SourceParameter } from './source-operation.ts'

/** The parameters of a request, each with the value it was made from. */
export type Values = ReadonlyMap<SourceParameter, unknown>

/**
 * Values for the parameters that are asked for, or for all that can be written.
 * @throws Unreadable where a required one cannot be made
 */
export function sampleValues(
  operation: SourceOperation,
  full: boolean,
  tools: { readonly source: SourceDocument; readonly oracle: Oracle },
): Values {
  const values = new Map<SourceParameter, unknown>()
  const names = new Set<string>()
  const required = operation.parameters.filter((parameter) => parameter.required)
  const optional = full ? operation.parameters.filter((parameter) => !parameter.required) : []
  for (const parameter of [...required, ...optional]) {
    const value = sampleParameter(parameter, tools)
    if (value !== undefined) {
      // Exploded objects may have members of one name: then nobody can tell whose they are.
      const own = write(parameter, value).query?.map((pair) => pair.split('=')[0]!) ?? []
      if (!parameter.required && own.some((name) => names.has(name))) continue
      for (const name of own) names.add(name)
      values.set(parameter, value)
    } else if (parameter.required) throw new Unreadable(`no value for ${parameter.in} ${parameter.name}`)
  }
  return values
}

function sampleParameter(
  parameter: SourceParameter,
  { source, oracle }: { readonly source: SourceDocument; readonly oracle: Oracle },
): unknown {
  const { schema, examples } = parameter
  if (!canBeSent(parameter)) return undefined
  if (schema === undefined) return 'text'
  const made = [0, 1, 2, 3].flatMap((branch) => {
    try {
      return [sample(source, schema, { full: true, branch }), sample(source, schema, { full: false, branch })]
    } catch {
      return []
    }
  })
  return [...made, ...examples].find((value) => {
    // What is written as nothing, or as more than a text can hold, is left to the vectors of `test/conformance`.
    if (value === null || value === '' || oracle.judge(schema, value) !== 'valid') return false
    try {
      write(parameter, value)
      return parameter.in !== 'path' || isSegment(value)
    } catch {
      return false
    }
  })
}

/** Fields that HTTP itself gives a meaning, and what Node's client will not send. */
const reserved = new Set([
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'upgrade', 'keep-alive', 'te', 'trailer'],
  ...['content-encoding', 'content-type', 'cookie', 'date', 'via', 'forwarded', 'max-forwards', 'proxy-authorization'],
])

function canBeSent({ in: place, name }: SourceParameter): boolean {
  if (place !== 'header') return true
  const lower = name.toLowerCase()
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && !reserved.has(lower) && !lower.startsWith('x-forwarded')
}

/** Text that may stand in a path: an encoded slash is refused whatever the schema says. */
function isSegment(value: unknown): boolean {
  const texts = typeof value === 'object' && value !== null ? Object.values(value) : [value]
  return texts.every((text) => !/[/\\\0]/.test(String(text)) && !/^\.{0,2}$/.test(String(text)))
}

interface Written {
  readonly path?: string
  readonly query?: readonly string[]
  readonly header?: readonly [string, string]
  readonly cookies?: readonly string[]
}

export function write(parameter: SourceParameter, value: unknown): Written {
  const { name, in: place, mediaType } = parameter
  if (mediaType !== undefined && place !== 'querystring') {
    if (!/[/+]json$/i.test(mediaType.split(';')[0]!)) throw new Unreadable(`${mediaType} in a parameter`)
    const text = JSON.stringify(value)
    if (place === 'path') return { path: encode(text) }
    if (place === 'header') return { header: [name, fieldText(text)] }
    return place === 'query' ? { query: [`${encode(name)}=${encode(text)}`] } : { cookies: [`${name}=${encode(text)}`] }
  }
  switch (place) {
    case 'path':
      return { path: writeText(parameter, value, encode) }
    case 'header':
      return { header: [name, fieldText(writeText(parameter, value, asIs))] }
    case 'cookie':
      return { cookies: writePairs(parameter, value, parameter.style === 'cookie' ? cookieText : encode) }
    case 'query':
      return { query: writePairs(parameter, value, encode) }
    case 'querystring': {
      if (mediaType === 'application/x-www-form-urlencoded' && typeof value === 'object' && value !== null) {
        return {
          query: Object.entries(value).flatMap(([key, member]) =>
            writePairs({ name: key, style: 'form', explode: true }, member, encode),
          ),
        }
      }
      return { query: [encode(typeof value === 'string' ? value : JSON.stringify(value))] }
    }
  }
}

function fieldText(text: string): string {
  if (text === '' || !/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text))
    throw new Unreadable('no text for a field')
  return text
}

function cookieText(text: string): string {
  if (!/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(text)) throw new Unreadable('no text for a cookie')
  return text
}

/** The head of the request: target, fields and cookies. @throws Unreadable */
export function draftOf(operation: SourceOperation, values: Values): Draft {
  const texts = new Map<string, string>()
  const query = [...operation.asked.query]
  const headers = [...operation.asked.headers]
  const cookies: string[] = []
  for (const [parameter, value] of values) {
    const written = write(parameter, value)
    if (written.path !== undefined) texts.set(parameter.name, written.path)
    query.push(...(written.query ?? []))
    if (written.header !== undefined) headers.push(written.header)
    cookies.push(...(written.cookies ?? []))
  }
  return { method: operation.method, path: pathOf(operation.path, texts), query, headers, cookies, body: undefined }
}

/** The template with its variables filled in, its literal text as a client sends it. */
function pathOf(template: string, texts: ReadonlyMap<string, string>): string {
  return template
    .split(/(\{[^{}]*\})/)
    .map((part) => {
      if (!/^\{.*\}$/.test(part))
        return part.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu, encodeURIComponent)
      const name = part.slice(1, -1)
      // A variable that nobody declares is a text of any kind.
      return texts.get(name) ?? texts.get(name.replace(/^[.;]|\*$/g, '')) ?? 'text'
    })
    .join('')
}

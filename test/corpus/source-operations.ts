import { isMembers, type Located, type SourceDocument } from './source-document.ts'
import type { SourceBody, SourceMedia, SourceOperation, SourceParameter, SourceScheme } from './source-operation.ts'
import { sourcePath } from './source-path.ts'
import { swaggerBody, swaggerParameter } from './source-swagger.ts'

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'query']

/** Every operation a proxy can serve: TRACE and CONNECT it must not. @param leftOut names of those it was told not to */
export function sourceOperations(source: SourceDocument, leftOut: ReadonlySet<string> = new Set()): SourceOperation[] {
  const { root } = source
  const base = basePath(source)
  const found: SourceOperation[] = []
  for (const [path, written] of source.entries(source.get(root, 'paths'))) {
    if (!path.startsWith('/')) continue
    const item = source.resolve(written)
    const additional = source.entries(source.get(item, 'additionalOperations'))
    const known = methods.map((method) => [method.toUpperCase(), source.get(item, method)] as const)
    for (const [method, operation] of [...known, ...additional]) {
      if (operation === undefined || method === 'TRACE' || method === 'CONNECT') continue
      if (leftOut.has(`${method} ${path}`)) continue
      found.push(sourceOperation(source, { method, path, base, item, operation: source.resolve(operation) }))
    }
  }
  return found
}

interface Place {
  readonly method: string
  readonly path: string
  readonly base: string
  readonly item: Located
  readonly operation: Located
}

function sourceOperation(source: SourceDocument, { method, path, base, item, operation }: Place): SourceOperation {
  const written = new Map<string, Located>()
  for (const list of [source.get(item, 'parameters'), source.get(operation, 'parameters')]) {
    for (const entry of source.items(list)) {
      const parameter = source.resolve(entry)
      const [place, name] = [textAt(source, parameter, 'in'), textAt(source, parameter, 'name')]
      // Names of fields differ in nothing but their letters' case.
      written.set(`${place} ${place === 'header' ? name.toLowerCase() : name}`, parameter)
    }
  }
  const all = [...written.values()]
  const isSwagger = source.version === '2.0'
  const parameters = all.flatMap((one) => (isSwagger ? swaggerParameter(source, one) : parameterOf(source, one)))
  const read = parameters.filter(({ name, in: place }) => place !== 'header' || !described.has(name.toLowerCase()))
  const asked = sourcePath(path, read)
  return {
    name: `${method} ${path}`,
    method,
    path: base + asked.path,
    parameters: asked.parameters,
    asked,
    body: isSwagger ? swaggerBody(source, operation, all) : bodyOf(source, source.get(operation, 'requestBody')),
    security: securityOf(source, operation),
  }
}

/** Header parameters that OpenAPI describes elsewhere, and so ignores here (§4.12.1). */
const described = new Set(['accept', 'content-type', 'authorization'])

const styles: Readonly<Record<string, string>> = { path: 'simple', header: 'simple', query: 'form', cookie: 'form' }

function parameterOf(source: SourceDocument, at: Located): SourceParameter[] {
  const name = textAt(source, at, 'name')
  const place = textAt(source, at, 'in')
  if (name === '' || !['path', 'query', 'header', 'cookie', 'querystring'].includes(place)) return []
  const style = textAt(source, at, 'style') || (styles[place] ?? 'form')
  const [content] = source.entries(source.get(at, 'content'))
  const media = content === undefined ? undefined : source.resolve(content[1])
  const explode = source.at(at, 'explode')?.value
  return [
    {
      name,
      in: place as SourceParameter['in'],
      required: place === 'path' || source.at(at, 'required')?.value === true,
      style,
      explode: typeof explode === 'boolean' ? explode : style === 'form' || style === 'cookie',
      allowReserved: source.at(at, 'allowReserved')?.value === true,
      allowEmptyValue: source.at(at, 'allowEmptyValue')?.value === true,
      schema: source.at(media ?? at, 'schema'),
      mediaType: content?.[0],
      examples: examplesOf(source, media ?? at),
    },
  ]
}

function bodyOf(source: SourceDocument, at: Located | undefined): SourceBody | undefined {
  if (at === undefined) return undefined
  const content = source.entries(source.get(at, 'content')).map(([mediaType, written]): SourceMedia => {
    const media = source.resolve(written)
    return {
      mediaType,
      schema: source.at(media, 'schema'),
      itemSchema: source.at(media, 'itemSchema'),
      examples: examplesOf(source, media),
      encoding: source.get(media, 'encoding'),
    }
  })
  return { required: source.at(at, 'required')?.value === true, content }
}

function examplesOf(source: SourceDocument, at: Located): unknown[] {
  const named = source.entries(source.get(at, 'examples')).map(([, example]) => source.get(example, 'value')?.value)
  return [source.at(at, 'example')?.value, ...named].filter((value) => value !== undefined)
}

export function textAt(source: SourceDocument, at: Located, key: string): string {
  const value = source.get(at, key)?.value
  return typeof value === 'string' ? value : ''
}

/** What the proxy puts before every path: that of the first server (3.x) or `basePath` (2.0). */
export function basePath(source: SourceDocument): string {
  if (source.version === '2.0')
    return `/${textAt(source, source.root, 'basePath')}`.replace(/\/+/g, '/').replace(/\/$/, '')
  const server = source.get(source.get(source.root, 'servers'), 0)
  if (server === undefined) return ''
  const url = textAt(source, server, 'url').replace(/\{([^{}]+)\}/g, (whole, name: string) =>
    String(source.get(source.get(source.get(server, 'variables'), name), 'default')?.value ?? whole),
  )
  const path = url
    .replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
  return path === '' || path.startsWith('/') ? path : `/${path}`
}

function securityOf(source: SourceDocument, operation: Located): SourceScheme[][] | undefined {
  const list = source.items(source.get(operation, 'security') ?? source.get(source.root, 'security'))
  if (list.length === 0) return undefined
  const schemes =
    source.version === '2.0'
      ? source.get(source.root, 'securityDefinitions')
      : source.get(source.get(source.root, 'components'), 'securitySchemes')
  return list.map((requirement) =>
    source.entries(requirement).map(([name]): SourceScheme => {
      const scheme = source.get(schemes, name)
      const text = (key: string): string => (scheme === undefined ? '' : textAt(source, scheme, key))
      const type = text('type')
      return {
        type: type === 'basic' ? 'http' : type,
        scheme: text('scheme') || 'basic',
        in: text('in'),
        name: text('name'),
      }
    }),
  )
}

export function isSchema(at: Located | undefined): boolean {
  return at !== undefined && (isMembers(at.value) || typeof at.value === 'boolean')
}

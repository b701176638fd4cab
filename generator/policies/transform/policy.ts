import type {
  PairChanges,
  RequestChanges,
  ResponseChanges,
  TextPart,
} from '../../../runtime/policies/transform/options.ts'
import type { transform } from '../../../runtime/policies/transform/transform.ts'
import { member } from '../../model/json.ts'
import type { Lowered } from '../../model/service-plan.ts'
import type { SpecNode } from '../../model/spec-node.ts'
import { definePolicy, type OperationScope } from '../define.ts'
import { isJson, isXml } from '../media-types.ts'
import { withChangedFields } from './changed-fields.ts'
import { problemsOfResult, unknownTo } from './check-result.ts'
import { lowerBody } from './lower-body.ts'
import { type Options, type PairOptions, transformOptions } from './options.ts'
import { Texts } from './texts.ts'

/** What frames a message, or is the server's to say. */
const taken =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|content-encoding|expect|via|forwarded|x-forwarded-.*|x-request-id|date)$/i

export default definePolicy<typeof transform, Options>({
  name: 'transform',
  summary: 'Changes fields, queries, paths and JSON bodies on the way to the upstream and back.',
  levels: ['document', 'path', 'operation'],
  options: transformOptions,
  instance: 'operation',
  answers: { 502: 'The upstream answer cannot be read, or does not meet the contract.' },
  publish: ({ response }) => ({ response: (declared) => withChangedFields(declared, response?.headers) }),
  lower({ request, response }, scope) {
    const texts = new Texts(scope)
    const outward = request === undefined ? {} : lowerRequest(request, scope, texts)
    const homeward = response === undefined ? {} : lowerResponse(response, scope, texts)
    checkCache(scope, texts)
    const isIdle = Object.keys(outward).length === 0 && Object.keys(homeward).length === 0
    if (isIdle) return undefined
    return [
      {
        ...(Object.keys(outward).length === 0 ? {} : { request: outward }),
        ...(Object.keys(homeward).length === 0 ? {} : { response: homeward }),
      },
    ]
  },
})

function lowerRequest(
  { headers, query, path, body }: NonNullable<Options['request']>,
  scope: OperationScope,
  texts: Texts,
): Lowered<RequestChanges> {
  const at = scope.node.at('request')
  const key = 'transform.request'
  const { requestBody, parameters } = scope.contract
  const takesJson = requestBody?.content.some(({ mediaType }) => isJson(mediaType) || isXml(mediaType)) ?? false
  const changes = body === undefined ? undefined : lowerBody(body, `${key}.body`, at?.at('body'), texts, scope)
  // A call that takes no body may be one that needs one: GET in front of a SOAP service.
  const method = scope.contract.node.path('x-proxy', 'upstream', 'method')?.string ?? scope.contract.method
  const createsBody =
    requestBody === undefined && changes?.members?.set !== undefined && ['POST', 'PUT', 'PATCH'].includes(method)
  if (changes !== undefined) checkRequestBody(changes, scope, at?.at('body') ?? scope.node)
  if (query !== undefined && member(scope.optionsOf('validateRequest')?.['unknown'], 'query') !== 'pass') {
    const declared = new Set(parameters.filter((one) => one.in === 'query').map(({ name }) => name))
    for (const name of [...Object.keys(query.rename ?? {}), ...(query.remove ?? [])]) {
      if (declared.has(name) || parameters.some((one) => one.style === 'deepObject' || one.in === 'querystring'))
        continue
      scope.report('transform-unknown', at?.at('query') ?? scope.node, { change: `${key}.query`, name })
    }
  }
  return {
    ...(headers === undefined
      ? {}
      : { headers: lowerFields(headers, `${key}.headers`, at?.at('headers'), texts, scope) }),
    ...(query === undefined ? {} : { query: lowerPairs(query, `${key}.query`, at?.at('query'), texts) }),
    ...(path === undefined ? {} : { path: lowerPath(path, scope, at?.at('path'), texts) }),
    ...(changes === undefined || !(takesJson || createsBody) ? {} : { body: changes }),
    ...(createsBody ? { createsBody } : {}),
  }
}

function lowerResponse(
  { headers, body }: NonNullable<Options['response']>,
  scope: OperationScope,
  texts: Texts,
): Lowered<ResponseChanges> {
  const at = scope.node.at('response')
  const key = 'transform.response'
  const changes = body === undefined ? undefined : lowerBody(body, `${key}.body`, at?.at('body'), texts, scope)
  const successes = scope.contract.responses.filter(({ status }) => status.startsWith('2'))
  for (const { content } of changes === undefined ? [] : successes) {
    const { schema } = content.find(({ mediaType }) => isJson(mediaType)) ?? {}
    for (const problem of schema === undefined ? [] : problemsOfResult(changes!, schema)) {
      scope.report('transform-violates', at?.at('body') ?? scope.node, { change: `${key}.body`, problem })
    }
  }
  const gone = [...(headers?.remove ?? []), ...Object.keys(headers?.rename ?? {})].map((name) => name.toLowerCase())
  const made = [...Object.keys(headers?.set ?? {}), ...Object.keys(headers?.add ?? {})].map((name) =>
    name.toLowerCase(),
  )
  for (const { name, required } of successes.flatMap((one) => one.headers)) {
    if (!required || !gone.includes(name.toLowerCase()) || made.includes(name.toLowerCase())) continue
    const problem = `the field "${name}" is required, and taken out`
    scope.report('transform-violates', at?.at('headers') ?? scope.node, { change: `${key}.headers`, problem })
  }
  return {
    ...(headers === undefined
      ? {}
      : { headers: lowerFields(headers, `${key}.headers`, at?.at('headers'), texts, scope) }),
    ...(changes === undefined ? {} : { body: changes }),
  }
}

/** Callers send what the contract says, so that what it never has cannot be changed; what comes out is jsonToXml's to read. */
function checkRequestBody(changes: ReturnType<typeof lowerBody>, scope: OperationScope, where: SpecNode): void {
  const change = 'transform.request.body'
  for (const { schema } of scope.contract.requestBody?.content ?? []) {
    for (const name of schema === undefined ? [] : unknownTo(changes, schema)) {
      scope.report('transform-unknown', where, { change, name })
    }
  }
  const sent = scope.optionsOf('jsonToXml')?.['schema']
  const target = typeof sent === 'string' ? scope.node.tree.target(sent) : undefined
  for (const problem of target === undefined ? [] : problemsOfResult(changes, target)) {
    scope.report('transform-violates', where, { change, problem })
  }
}

function lowerFields(
  options: PairOptions,
  key: string,
  node: SpecNode | undefined,
  texts: Texts,
  scope: OperationScope,
): Lowered<PairChanges> {
  const { rename = {}, remove = [], set = {}, add = {} } = options
  const names = [...Object.keys(rename), ...Object.values(rename), ...remove, ...Object.keys(set), ...Object.keys(add)]
  for (const name of new Set(names.filter((one) => taken.test(one)))) {
    scope.report('option-invalid', node ?? scope.node, { key, problem: `cannot change "${name}": the proxy writes it` })
  }
  for (const [name, value] of [...Object.entries(set), ...Object.entries(add)]) {
    // RFC 9110 §5.5, without what only looks like text.
    if (!/[\u0000-\u0008\u000a-\u001f\u007f-\uffff]/.test(String(value))) continue
    scope.report('option-invalid', node ?? scope.node, {
      key,
      problem: `gives "${name}" a value that no field can have`,
    })
  }
  return lowerPairs(options, key, node, texts)
}

function lowerPairs(options: PairOptions, key: string, node: SpecNode | undefined, texts: Texts): Lowered<PairChanges> {
  const values = (place: 'set' | 'add') =>
    Object.fromEntries(
      Object.entries(options[place] ?? {}).map(([name, value]) => [
        name,
        texts.of(value, `${key}.${place}.${name}`, node?.path(place, name)),
      ]),
    )
  return {
    ...(options.rename === undefined ? {} : { rename: options.rename }),
    ...(options.remove === undefined ? {} : { remove: options.remove }),
    ...(options.set === undefined ? {} : { set: values('set') }),
    ...(options.add === undefined ? {} : { add: values('add') }),
  }
}

function lowerPath(
  path: string,
  scope: OperationScope,
  where: SpecNode | undefined,
  texts: Texts,
): readonly TextPart[] {
  const key = 'transform.request.path'
  const report = (problem: string): void => scope.report('option-invalid', where ?? scope.node, { key, problem })
  const { contract } = scope
  // The operation may say it in either way, and both at once would say two things.
  const own = contract.node.path('x-proxy', 'upstream', 'path')
  if (own !== undefined) report('cannot be given beside "upstream.path"')
  if (/(?:^|\/)\.{1,2}(?:\/|$)|\/\/|\\|%2f/i.test(path)) report('has segments that servers read in different ways')
  return texts.parts(`${basePathOf(contract)}${path}`, key, where)
}

/** What stands before the document's own path template. */
function basePathOf({ path, node }: OperationScope['contract']): string {
  const holds = (item: SpecNode): boolean => {
    const target = item.resolve()
    return target.entries().some(([, operation]) => operation.value === node.value)
  }
  const item = node.tree.root
    .at('paths')
    ?.entries()
    .find(([template, one]) => path.endsWith(template) && holds(one))
  return item === undefined ? '' : path.slice(0, path.length - item[0].length)
}

/** An answer that is made for one caller must not be given to another. */
function checkCache(scope: OperationScope, texts: Texts): void {
  const cache = scope.optionsOf('cache')
  const { method, id } = scope.contract
  if (cache === undefined || !['GET', 'HEAD', 'QUERY'].includes(method)) return
  const key = cache['key'] as { readonly consumer?: string; readonly headers?: readonly string[] } | undefined
  const kept = new Set((key?.headers ?? []).map((name) => name.toLowerCase()))
  const missing = [...texts.fields].find((name) => !kept.has(name))
  if (texts.byCaller && key?.consumer !== 'always') {
    scope.report('transform-cached', scope.node, { operation: id, what: 'who calls', mend: 'consumer: always' })
  }
  if (missing !== undefined) {
    scope.report('transform-cached', scope.node, {
      operation: id,
      what: `the field ${missing}`,
      mend: `headers: [${missing}]`,
    })
  }
}

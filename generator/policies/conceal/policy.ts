import type { ConcealOptions, conceal, Stand } from '../../../runtime/policies/conceal/conceal.ts'
import type { ParameterContract } from '../../model/contract.ts'
import type { Lowered } from '../../model/service-plan.ts'
import { definePolicy, type OperationScope } from '../define.ts'
import { standOf } from './stand-of.ts'

/** Follows from the document's `sensitive` and `format: password`. */
export default definePolicy<typeof conceal, Record<string, never>>({
  name: 'conceal',
  summary: 'Keeps values of parameters that are `sensitive`, or of `format: password`, out of the access log.',
  levels: [],
  options: null,
  instance: 'operation',
  lower(_, scope) {
    const path: [string, Stand][] = []
    const query: [string, Stand][] = []
    for (const parameter of scope.contract.parameters) {
      const stand = standOf(parameter.schema ?? parameter.content?.schema)
      if (stand === undefined) continue
      if (parameter.in === 'path') path.push([parameter.name, stand])
      if (parameter.in === 'query') for (const name of queryNames(parameter)) query.push([name, stand])
      // OpenAPI 3.2: the query as a whole, which may be anything.
      if (parameter.in === 'querystring') query.push(['[*]', stand])
    }
    if (path.length === 0 && query.length === 0) return undefined
    const isHashed = [...path, ...query].some(([, stand]) => stand === 'hash')
    return [
      {
        ...(path.length === 0 ? {} : { path: Object.fromEntries(path) }),
        ...(query.length === 0 ? {} : { query: Object.fromEntries(query) }),
        ...(isHashed ? { key: keyOf(scope) } : {}),
      } satisfies Lowered<ConcealOptions>,
    ]
  },
})

function keyOf(scope: OperationScope) {
  const about = 'what digests of sensitive values in the log are keyed with; empty: each process has a key of its own'
  return scope.environment('LOG_HASH_KEY', '', about)
}

/** The names a parameter is written with. */
function queryNames({ name, style, explode, schema }: ParameterContract): string[] {
  const properties = schema
    ?.resolve()
    .at('properties')
    ?.entries()
    .map(([property]) => property)
  if (style === 'deepObject') return [`${name}[*]`]
  return style === 'form' && explode && properties !== undefined ? [name, ...properties] : [name]
}

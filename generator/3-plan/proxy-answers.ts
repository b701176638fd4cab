import { referenceTokens } from '../model/component-reference.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import type { AnyPolicy } from '../policies/define.ts'
import { isJson } from '../policies/media-types.ts'
import {
  type ProxyAnswer,
  type Publication,
  type PublishScope,
  retryAfter,
  type SchemaChange,
  withFields,
} from '../policies/publication.ts'
import { ProblemAnswers, problemSchema } from './problem-answers.ts'
import { withCopies } from './public-components.ts'
import { withoutParameters } from './public-parameters.ts'
import { SchemaVariants } from './schema-variants.ts'

/** An instance of a policy that stands before an operation. */
export interface AppliedPolicy {
  readonly policy: AnyPolicy
  readonly options: unknown
  readonly scope: PublishScope
}

/** What stands before the operation of a path and method; undefined where nothing is served. */
export type PoliciesOf = (path: string, method: string) => readonly AppliedPolicy[] | undefined

/** Of the server and of the way to the upstream, whatever the policies are. */
const always: readonly (readonly [string, ProxyAnswer])[] = [
  ['502', { description: 'The upstream cannot be reached.' }],
  ['503', { description: 'Too much is under way, or what is needed cannot be reached.', headers: retryAfter }],
  ['504', { description: 'The upstream took too long.' }],
]
const tooLarge = ['413', { description: 'The body is too large.' }] as const

/**
 * Adds what the proxy itself does to the public contract: for each operation what its policies make of the upstream's
 * answers, and the problems they answer with.
 */
export function withProxyAnswers(document: JsonObject, policiesOf: PoliciesOf): JsonObject {
  const publisher = new Publisher(document)
  let isServed = false
  const paths = mapValues(document['paths'], (path, written) => {
    const publish = (method: string, operation: Json): Json => {
      const applied = policiesOf(path, method)
      if (applied === undefined || !isObject(operation)) return operation
      isServed = true
      return publisher.operation(operation as JsonObject, applied)
    }
    const isHidden = (method: string, name: string, place: string): boolean =>
      publicationsOf(policiesOf(path, method) ?? []).some(
        ({ hidesParameter }) => hidesParameter?.(name, place) === true,
      )
    const item = withoutParameters(written, isHidden, (value) => publisher.resolved(value))
    return mapValues(item, (key, value) =>
      key === 'additionalOperations' ? mapValues(value, publish) : publish(key.toUpperCase(), value),
    )
  })
  return isServed ? publisher.finish(paths) : document
}

class Publisher {
  readonly #document: JsonObject
  readonly #problemName: string
  readonly #problems: ProblemAnswers
  readonly #variants: SchemaVariants

  constructor(document: JsonObject) {
    this.#document = document
    const schemas = ((document['components'] as JsonObject | undefined)?.['schemas'] ?? {}) as JsonObject
    this.#problemName = freeName(schemas)
    this.#problems = new ProblemAnswers(this.#problemName)
    this.#variants = new SchemaVariants(schemas)
  }

  operation(operation: JsonObject, applied: readonly AppliedPolicy[]): JsonObject {
    if (!isObject(operation['responses'])) return operation
    const publications = publicationsOf(applied)
    const responses = this.#published(operation['responses'] as JsonObject, publications)
    const takesBody = isObject(operation['requestBody'])
    const answers = [...applied.flatMap(answersOf), ...always, ...(takesBody ? [tooLarge] : [])]
    // What is said of a status comes before what is said of all in its range.
    answers.sort(([a], [b]) => Number(a.endsWith('XX')) - Number(b.endsWith('XX')))
    const told = new Set<string>()
    for (const [status, answer] of answers) {
      if (told.has(status)) continue
      told.add(status)
      this.#answer(responses, status, answer, publications)
    }
    return { ...this.#withRequest(operation, publications), responses: Object.fromEntries(responses) }
  }

  /** The document with these paths, the component schemas they need, and no others. */
  finish(paths: Json): JsonObject {
    const { schemas: copies, origins } = this.#variants.made()
    const components = (this.#document['components'] ?? {}) as JsonObject
    const schemas = {
      ...(components['schemas'] as JsonObject | undefined),
      ...copies,
      ...(this.#problems.isUsed ? { [this.#problemName]: problemSchema } : {}),
    }
    return withCopies({ ...this.#document, paths, components: { ...components, schemas } }, origins)
  }

  /** What a reference to a component names; what is no reference is itself. */
  resolved(value: Json): Json | undefined {
    const ref = isObject(value) ? value['$ref'] : undefined
    if (typeof ref !== 'string') return value
    return referenceTokens(ref)?.reduce<Json | undefined>(
      (at, token) => (isObject(at) && Object.hasOwn(at, token) ? (at[token] as Json) : undefined),
      this.#document,
    )
  }

  /** The responses as the policies leave them; one that is changed stands in place of the reference to it. */
  #published(responses: JsonObject, publications: readonly Publication[]): Map<string, Json> {
    const changes = publications.flatMap(({ schema }) => schema ?? [])
    const shown = Object.entries(responses).map(([status, written]): [string, Json] => {
      const response = this.resolved(written)
      if (!isObject(response)) return [status, written]
      const changed = publications.reduce((one, { response }) => response?.(one, status) ?? one, response as JsonObject)
      const whole = this.#withSchemas(changed, changes)
      const final = this.#withProblem(whole, problemsOf(publications, status))
      return [status, final === response ? written : final]
    })
    return new Map(shown)
  }

  /** The response with what its JSON is like for callers. */
  #withSchemas(response: JsonObject, changes: readonly SchemaChange[]): JsonObject {
    const declared = Object.entries((response['content'] ?? {}) as JsonObject)
    const shown = declared.map(([type, media]): [string, Json] => {
      const schema = isObject(media) && isJson(essence(type)) ? (media as JsonObject)['schema'] : undefined
      const changed = schema === undefined ? undefined : this.#variants.of(schema, changes)
      return changed === schema ? [type, media] : [type, { ...(media as JsonObject), schema: changed! }]
    })
    const isSame = shown.every(([, media], i) => media === declared[i]![1])
    return isSame ? response : { ...response, content: Object.fromEntries(shown) }
  }

  #withProblem(response: JsonObject, problems: 'also' | 'only' | undefined): JsonObject {
    if (problems === undefined) return response
    return problems === 'only' ? this.#problems.only(response) : this.#problems.also(response)
  }

  /** Puts one answer of the proxy beside what is declared for its status. */
  #answer(
    responses: Map<string, Json>,
    status: string,
    answer: ProxyAnswer,
    publications: readonly Publication[],
  ): void {
    const range = `${status[0]}XX`
    const key = [...responses.keys()].find((one) => one === status || one.toUpperCase() === range)
    const isOnly = problemsOf(publications, status) === 'only'
    const declared = this.resolved(responses.get(key ?? 'default') ?? null)
    if (answer.isBare === true || !isObject(declared) || (key === undefined && isOnly)) {
      if (key === undefined) responses.set(status, this.#problems.made(answer))
      return
    }
    // What is said of one status says nothing of the others in its range.
    const fields = key === undefined || key === status ? (answer.headers ?? {}) : {}
    const described = key === undefined ? { ...declared, description: answer.description } : declared
    const changed = withFields(isOnly ? this.#problems.only(described) : this.#problems.also(described), fields)
    if (changed !== declared) responses.set(key ?? status, changed)
  }

  /** The operation with its request body as the policies take it. */
  #withRequest(operation: JsonObject, publications: readonly Publication[]): JsonObject {
    const body = this.resolved(operation['requestBody'] ?? null)
    if (!isObject(body)) return operation
    const shown = publications.reduce((one, { requestBody }) => requestBody?.(one) ?? one, body as JsonObject)
    return shown === body ? operation : { ...operation, requestBody: shown }
  }
}

/** Nearest to the upstream first: each changes what those before it have made. */
function publicationsOf(applied: readonly AppliedPolicy[]): Publication[] {
  return [...applied].reverse().flatMap(({ policy, options, scope }) => policy.publish?.(options, scope) ?? [])
}

function answersOf({ policy, options, scope }: AppliedPolicy): (readonly [string, ProxyAnswer])[] {
  const { answer: shown } = policy.publish?.(options, scope) ?? {}
  return Object.entries(policy.answers ?? {}).flatMap(([status, written]): [string, ProxyAnswer][] => {
    const answer = typeof written === 'string' ? { description: written } : written
    const made = shown === undefined ? answer : shown(answer, status)
    return made === undefined ? [] : [[status, made]]
  })
}

function problemsOf(publications: readonly Publication[], status: string): 'also' | 'only' | undefined {
  const told = publications.map(({ problems }) => problems?.(status))
  return told.includes('only') ? 'only' : told.includes('also') ? 'also' : undefined
}

function freeName(schemas: JsonObject): string {
  let name = 'Problem'
  while (Object.hasOwn(schemas, name)) name = `Proxy${name}`
  return name
}

function essence(mediaType: string): string {
  return mediaType.split(';')[0]!.trim().toLowerCase()
}

function mapValues(value: Json | undefined, change: (key: string, value: Json) => Json): Json {
  if (!isObject(value)) return value ?? {}
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, change(key, item)]))
}

import { withCredentials } from './credentials.ts'
import { mutations } from './mutate.ts'
import type { Oracle } from './oracle.ts'
import type { Blame, Probe } from './probe.ts'
import { type Draft, requestOf } from './request.ts'
import { type BodySample, essence, sampleBodies, writerOf } from './sample-body.ts'
import { draftOf, sampleValues, type Values, write } from './sample-parameters.ts'
import { isMembers, type SourceDocument, Unreadable } from './source-document.ts'
import type { SourceOperation, SourceParameter } from './source-operation.ts'

export interface OperationProbes {
  readonly probes: readonly Probe[]
  /** Why there is no valid sample. */
  readonly noSample: string | undefined
}

/** What to send one operation. */
export function operationProbes(
  operation: SourceOperation,
  source: SourceDocument,
  oracle: Oracle,
  /** Of the operation's path. */
  declaredMethods: ReadonlySet<string>,
): OperationProbes {
  try {
    return { probes: new Making(operation, source, oracle).probes(declaredMethods), noSample: undefined }
  } catch (error) {
    // Documents name files that are not there, and schemas that nothing meets.
    return { probes: [], noSample: (error as Error).message }
  }
}

class Making {
  readonly #operation: SourceOperation
  readonly #source: SourceDocument
  readonly #oracle: Oracle

  constructor(operation: SourceOperation, source: SourceDocument, oracle: Oracle) {
    this.#operation = operation
    this.#source = source
    this.#oracle = oracle
  }

  probes(declaredMethods: ReadonlySet<string>): Probe[] {
    const tools = { source: this.#source, oracle: this.#oracle }
    const minimal = sampleValues(this.#operation, false, tools)
    const full = sampleValues(this.#operation, true, tools)
    const bodies = this.#bodies()
    const { body } = this.#operation
    const [first] = bodies
    if (first === undefined && body?.required === true) throw new Unreadable('no body')
    const small = this.#draft(minimal)
    const large = this.#draft(full)
    const plain = first === undefined ? small : withBody(small, first)
    const whole = first === undefined ? large : withBody(large, first)
    return [
      this.#passes('minimal', plain),
      ...(full.size > minimal.size ? [this.#passes('every parameter', whole)] : []),
      ...(body !== undefined && !body.required ? [this.#passes('no body', small)] : []),
      ...bodies.slice(1).map((other) => this.#passes(`${other.type} body`, withBody(small, other))),
      ...this.#withoutParameters(minimal, first),
      ...this.#wrongParameters(full, first),
      ...this.#wrongQuery(plain),
      ...this.#wrongBodies(small, bodies),
      ...this.#wrongAround(plain, first, declaredMethods),
    ]
  }

  #draft(values: Values): Draft {
    return withCredentials(draftOf(this.#operation, values), this.#operation.security)
  }

  #bodies(): BodySample[] {
    const { body } = this.#operation
    const known = new Set<string>()
    const declared = new Set(body?.content.map(({ mediaType }) => essence(mediaType)))
    return (
      (body?.content ?? [])
        .filter(({ mediaType }) => !known.has(essence(mediaType)) && known.add(essence(mediaType)))
        .slice(0, 4)
        .flatMap((media) => sampleBodies(media, this.#source, this.#oracle))
        // What is sent for a range may be a type that is declared by itself, and is judged as that.
        .filter(({ media, type }) => essence(type) === essence(media.mediaType) || !declared.has(essence(type)))
    )
  }

  #passes(what: string, draft: Draft): Probe {
    return { operation: this.#operation.name, what, request: requestOf(draft), expect: { kind: 'passes' } }
  }

  #refused(what: string, draft: Draft, status: number, blames?: Blame): Probe {
    const expect = { kind: 'refused', status, ...(blames === undefined ? {} : { blames }) } as const
    return { operation: this.#operation.name, what, request: requestOf(draft), expect }
  }

  #withoutParameters(values: Values, body: BodySample | undefined): Probe[] {
    const dropped = [...values.keys()]
      .filter(({ required, isAsked, in: place }) => required && isAsked !== true && place !== 'path')
      .slice(0, 3)
    return dropped.flatMap((parameter) => {
      const others = new Map([...values].filter(([other]) => other !== parameter))
      if (shownByCredentials(this.#operation, parameter)) return []
      const draft = this.#draft(others)
      return [
        this.#refused(
          `without ${nameOf(parameter)}`,
          body === undefined ? draft : withBody(draft, body),
          400,
          blame(parameter),
        ),
      ]
    })
  }

  #wrongParameters(values: Values, body: BodySample | undefined): Probe[] {
    const probes: Probe[] = []
    for (const [parameter, value] of values) {
      const { schema, in: place } = parameter
      if (schema === undefined || place === 'querystring' || probes.length >= 10) continue
      if (this.#isShared(parameter, value)) continue
      for (const mutation of mutations(schema, value, this.#source, this.#oracle, 4)) {
        if (!tells(parameter, mutation.keyword, mutation.value, value)) continue
        let draft: Draft
        try {
          write(parameter, mutation.value)
          draft = this.#draft(new Map([...values, [parameter, mutation.value]]))
        } catch {
          continue
        }
        if (this.#reads(parameter, mutation.value)) continue
        const what = `${nameOf(parameter)} breaks ${mutation.keyword}`
        probes.push(this.#refused(what, body === undefined ? draft : withBody(draft, body), 400, blame(parameter)))
      }
    }
    return probes
  }

  /** Whether another parameter may have members of the same names: then nobody can tell which of them is wrong. */
  #isShared({ in: place, style, explode }: SourceParameter, value: unknown): boolean {
    if (place !== 'query' || style !== 'form' || !explode || !isMembers(value)) return false
    const alike = this.#operation.parameters.filter((other) => {
      return other.in === 'query' && other.style === 'form' && other.explode && isObjectLike(this.#source, other.schema)
    })
    return alike.length > 1
  }

  /** Whether the text of the changed value can be read as something the schema allows after all. */
  #reads({ schema }: SourceParameter, value: unknown): boolean {
    const texts = Array.isArray(value) ? value.map(String) : String(value)
    if (isMembers(value)) return false
    return schema !== undefined && [texts, [texts]].some((read) => this.#oracle.judge(schema, read) === 'valid')
  }

  #wrongQuery(draft: Draft): Probe[] {
    // A parameter whose members stand by themselves takes names that nobody has declared.
    const takesRest = this.#operation.parameters.some(
      ({ in: place, style, explode, schema }) =>
        place === 'querystring' ||
        (place === 'query' && style === 'form' && explode && isObjectLike(this.#source, schema)),
    )
    if (takesRest) return []
    const query = [...draft.query, 'corpusUndeclared=1']
    return [this.#refused('undeclared query parameter', { ...draft, query }, 400, { parameter: 'corpusUndeclared' })]
  }

  #wrongBodies(draft: Draft, bodies: readonly BodySample[]): Probe[] {
    const probes: Probe[] = []
    const done = new Set<string>()
    for (const body of bodies) {
      const { schema } = body.media
      if (done.has(essence(body.type)) || schema === undefined || body.value === undefined) continue
      // The larger sample has more to break.
      const largest = bodies
        .filter(({ media }) => media === body.media)
        .sort((a, b) => b.bytes.length - a.bytes.length)[0]!
      done.add(essence(body.type))
      if (largest.value === undefined) continue
      for (const mutation of mutations(schema, largest.value, this.#source, this.#oracle, body.isJson ? 12 : 5)) {
        const bytes = this.#bytes(largest, mutation.value, mutation.keyword)
        if (bytes === undefined) continue
        const what = `${essence(body.type)} body breaks ${mutation.keyword} at ${mutation.pointer || 'its root'}`
        const blames: Blame = { body: true, ...(mutation.isExact ? { pointer: mutation.pointer } : {}) }
        probes.push(this.#refused(what, withBody(draft, { ...largest, bytes }), 400, blames))
      }
      if (body.isJson && isTelling(schema.value)) {
        const bytes = Buffer.from(`{"corpus": `)
        probes.push(
          this.#refused('malformed JSON', withBody(draft, { ...body, bytes }), 400, { body: true, pointer: '' }),
        )
      }
    }
    return probes
  }

  /** Undefined where a form cannot say what is wrong. */
  #bytes(body: BodySample, value: unknown, keyword: string): Buffer | undefined {
    if (body.isJson) return Buffer.from(JSON.stringify(value))
    if (typeof body.value === 'string')
      return typeof value === 'string' && value !== '' ? Buffer.from(value) : undefined
    // Every text is a string: only members of other types can be of a wrong one.
    if (keyword === 'type' || !isMembers(value)) return undefined
    try {
      return Buffer.from(writerOf(essence(body.type))!(body.media, value, this.#source))
    } catch {
      return undefined
    }
  }

  #wrongAround(draft: Draft, body: BodySample | undefined, declaredMethods: ReadonlySet<string>): Probe[] {
    const { body: declared, security } = this.#operation
    const probes: Probe[] = []
    if (declared?.required === true) {
      probes.push(
        this.#refused('without the required body', { ...draft, body: undefined }, 400, { body: true, pointer: '' }),
      )
    }
    const takesAny = declared?.content.some(({ mediaType }) => /^(\*|application)\/\*/.test(mediaType)) === true
    if (!takesAny) {
      const wrong = { type: 'application/x-corpus-undeclared', bytes: body?.bytes ?? Buffer.from('corpus') }
      probes.push(this.#refused('undeclared media type', { ...draft, body: wrong }, 415))
    }
    const method = ['DELETE', 'PUT', 'PATCH', 'POST', 'GET'].find((name) => !declaredMethods.has(name))
    if (method !== undefined) probes.push(this.#refused('undeclared method', { ...draft, method }, 405))
    if (security?.every((requirement) => requirement.length > 0) === true) {
      const bare = this.#bare(draft)
      if (bare !== undefined) probes.push(this.#refused('no credential', bare, 401))
    }
    return probes
  }

  /** Without what shows who calls. */
  #bare(draft: Draft): Draft | undefined {
    const schemes = this.#operation.security?.flat() ?? []
    const names = new Set(schemes.map(({ name }) => name.toLowerCase()))
    return {
      ...draft,
      query: draft.query.filter((pair) => !names.has(decodeURIComponent(pair.split('=')[0] ?? '').toLowerCase())),
      headers: draft.headers.filter(([name]) => name !== 'Authorization' && !names.has(name.toLowerCase())),
      cookies: draft.cookies.filter((pair) => !names.has((pair.split('=')[0] ?? '').toLowerCase())),
    }
  }
}

function withBody(draft: Draft, { type, bytes }: BodySample): Draft {
  return { ...draft, body: { type, bytes } }
}

function nameOf({ in: place, name }: SourceParameter): string {
  return `${place} ${name}`
}

function blame({ in: place, name }: SourceParameter): Blame {
  return place === 'header' ? { header: name } : { parameter: name }
}

/** A key that the document has as a scheme and as a parameter is still there without the parameter. */
function shownByCredentials({ security = [] }: SourceOperation, { name }: SourceParameter): boolean {
  return security.flat().some((scheme) => scheme.name.toLowerCase() === name.toLowerCase())
}

/** Whether a text can say it: nothing but a text is of a wrong type for numbers and booleans. */
function tells(parameter: SourceParameter, keyword: string, value: unknown, original: unknown): boolean {
  if (parameter.mediaType !== undefined) return true
  if (value === '' && parameter.allowEmptyValue) return false
  const texts = Array.isArray(value) ? value : isMembers(value) ? Object.values(value) : [value]
  if (texts.some((text) => text === '' || typeof text === 'object')) return false
  if (parameter.in === 'path' && texts.some((text) => /[/\\]|^\.+$/.test(String(text)))) return false
  return (
    keyword !== 'type' ||
    (texts.some((text) => text === 'corpus') && (typeof value === 'object' || typeof original !== 'object'))
  )
}

function isObjectLike(source: SourceDocument, schema: SourceParameter['schema']): boolean {
  if (schema === undefined) return false
  const text = JSON.stringify(source.resolve(schema).value)
  return /"(properties|additionalProperties|object)"/.test(text)
}

const mute = new Set(['title', 'description', 'example', 'examples', 'default', 'nullable', 'x-nullable', 'deprecated'])

/** A schema that says anything at all: others are not read. */
function isTelling(schema: unknown): boolean {
  return isMembers(schema) && Object.keys(schema).some((key) => !mute.has(key))
}

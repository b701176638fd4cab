import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import type { AnyPolicy } from '../policies/define.ts'
import type { ProxyAnswers, Publication } from '../policies/publication.ts'
import { type AppliedPolicy, withProxyAnswers } from './proxy-answers.ts'

const applied = (name: string, answers: ProxyAnswers, publication: Publication = {}): AppliedPolicy => ({
  policy: {
    name,
    summary: '',
    levels: ['document'],
    options: null,
    instance: 'shared',
    answers,
    publish: () => publication,
    lower: () => undefined as never,
  } satisfies AnyPolicy,
  options: {},
  scope: { contract: {} as never, isAsked: () => true, optionsOf: () => undefined },
})

const policies = [applied('who', { 401: 'Unknown caller' }), applied('shape', { 400: 'Bad', 401: 'Never first' })]

type Answers = Record<string, { description: string; content?: Record<string, { schema: unknown }>; headers?: object }>

const json = (schema: object): object => ({ 'application/json': { schema } })
const problem = { $ref: '#/components/schemas/Problem' }

/** The responses of one operation, published. */
function published(responses: object, by: readonly AppliedPolicy[], components: object = {}): Answers {
  const made = withProxyAnswers({ paths: { '/a': { get: { responses } } }, components } as JsonObject, () => by)
  return (made as never as { paths: { '/a': { get: { responses: Answers } } } }).paths['/a'].get.responses
}

describe('withProxyAnswers', () => {
  it('adds the problems of the policies that stand before an operation, and those of any', () => {
    const document: JsonObject = {
      paths: { '/a': { summary: 's', get: { responses: { '200': { $ref: '#/components/responses/Own' } } } } },
      components: {
        schemas: { Problem: { type: 'string' } },
        responses: {
          Own: { description: 'd', content: { 'text/plain': { schema: { $ref: '#/components/schemas/Problem' } } } },
        },
      },
    }
    const made = withProxyAnswers(document, () => policies) as never as {
      paths: { '/a': { get: { responses: Answers } } }
      components: { schemas: object }
    }
    const { responses } = made.paths['/a'].get
    expect(responses['401']!.description).toBe('Unknown caller')
    expect(Object.keys(responses)).toEqual(['200', '400', '401', '502', '503', '504'])
    expect(Object.keys(made.components.schemas)).toEqual(['Problem', 'ProxyProblem'])
  })

  it('leaves a document alone that serves nothing', () => {
    const document = { paths: { '/a': { get: { responses: {} } } } }
    expect(withProxyAnswers(document, () => undefined)).toBe(document)
  })

  it('sees additional operations', () => {
    const written = { paths: { '/a': { additionalOperations: { COPY: { responses: {} } } } } }
    const asked = new Set<string>()
    const added = withProxyAnswers(written, (path, method) => {
      asked.add(`${method} ${path}`)
      return policies
    })
    expect([...asked]).toEqual(['COPY /a'])
    expect(added).toMatchObject({ paths: { '/a': { additionalOperations: { COPY: { responses: { '401': {} } } } } } })
  })

  it('puts problems beside what is declared for a status, its range, or all others', () => {
    const own = json({ type: 'object' })
    const bad = published({ 400: { description: 'Mine', content: own } }, policies)['400']!
    expect(bad).toEqual({ description: 'Mine', content: { ...own, 'application/problem+json': { schema: problem } } })
    const range = published({ '4xx': { description: 'Mine', content: own } }, policies)
    expect(Object.keys(range)).not.toContain('400')
    expect(Object.keys(range['4xx']!.content!)).toEqual(['application/json', 'application/problem+json'])
    const rest = published({ default: { description: 'Mine', content: own } }, policies)
    expect(Object.keys(rest['default']!.content!)).toEqual(['application/json'])
    expect(rest['400']!.description).toBe('Bad')
    expect(Object.keys(rest['400']!.content!)).toEqual(['application/json', 'application/problem+json'])
  })

  it('goes on describing problems as the document does', () => {
    const mine = { $ref: '#/components/schemas/Mine' }
    const of = (schema: object | undefined) =>
      published(
        { 400: { description: 'd', content: { 'application/problem+json': schema === undefined ? {} : { schema } } } },
        policies,
      )['400']!.content!['application/problem+json']!.schema
    expect(of(mine)).toEqual({ anyOf: [mine, problem] })
    expect(of({ anyOf: [mine, problem] })).toEqual({ anyOf: [mine, problem] })
    expect(of({})).toEqual({})
    expect(of(undefined)).toEqual(problem)
  })

  it('knows answers that are nothing but problems, and such that are empty', () => {
    const only = applied(
      'x',
      { '5XX': 'Hidden', 304: { description: 'Same', isBare: true } },
      {
        problems: (status) => (status.startsWith('5') ? 'only' : undefined),
      },
    )
    const own = json({ type: 'object' })
    const made = published(
      { 500: { description: 'Mine', content: own }, default: { description: 'd', content: own } },
      [only],
    )
    expect(made['500']).toEqual({ description: 'Mine', content: { 'application/problem+json': { schema: problem } } })
    expect(Object.keys(made['5XX']!.content!)).toEqual(['application/problem+json'])
    expect(Object.keys(made['502']!.content!)).toEqual(['application/problem+json'])
    expect(made['304']).toEqual({ description: 'Same' })
  })

  it('shows schemas of answers as they are, without touching those of requests', () => {
    const change = applied(
      'x',
      {},
      {
        schema: { name: 'n', change: (schema) => (schema['format'] === 'int64' ? { type: 'string' } : schema) },
      },
    )
    const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
    const schemas = {
      Id: { type: 'integer', format: 'int64' },
      A: { properties: { id: ref('Id'), next: ref('A'), enum: { enum: [{ format: 'int64' }] } } },
      B: { properties: { id: { format: 'int64' } } },
      Other: { type: 'object' },
      Pet: { discriminator: { propertyName: 'k', mapping: { o: 'Other' } }, oneOf: [ref('A'), ref('Other')] },
    }
    const get = {
      requestBody: { content: json(ref('A')) },
      responses: {
        200: { description: 'd', content: json(ref('A')) },
        201: { description: 'd', content: { ...json(ref('B')), 'text/plain': { schema: ref('Other') } } },
        202: { description: 'd', content: json(ref('Pet')) },
        203: { $ref: '#/components/responses/Untouched' },
      },
    }
    const made = withProxyAnswers(
      {
        paths: { '/a': { get } },
        components: { schemas, responses: { Untouched: { description: 'd', content: json(ref('Other')) } } },
      } as never,
      () => [change],
    ) as never as {
      paths: { '/a': { get: typeof get } }
      components: { schemas: Record<string, JsonObject> }
    }
    const { requestBody, responses } = made.paths['/a'].get
    expect(requestBody.content).toEqual(json(ref('A')))
    expect(responses[203]).toBe(get.responses[203])
    expect(responses[200].content).toEqual(json(ref('AAnswer')))
    expect(made.components.schemas['A']).toBe(schemas.A)
    expect(made.components.schemas['AAnswer']).toEqual({
      properties: { ...schemas.A.properties, id: ref('IdAnswer'), next: ref('AAnswer') },
    })
    expect(made.components.schemas['IdAnswer']).toEqual({ type: 'string' })
    // Nothing refers to the original of B any more: its copy is called so.
    expect(responses[201].content).toMatchObject(json(ref('B')))
    expect(made.components.schemas['B']).toEqual({ properties: { id: { type: 'string' } } })
    // What a discriminator's words mean has another name now.
    expect(made.components.schemas['Pet']!['discriminator']).toEqual({
      propertyName: 'k',
      mapping: { o: 'Other', A: '#/components/schemas/AAnswer' },
    })
    expect(Object.keys(made.components.schemas).sort()).toEqual([
      'A',
      'AAnswer',
      'B',
      'Id',
      'IdAnswer',
      'Other',
      'Pet',
      'Problem',
    ])
  })

  it('leaves out parameters that the proxy says itself, those of the path item too', () => {
    const hides = applied('x', {}, { hidesParameter: (name, place) => place === 'header' && name === 'X-User' })
    const user = { name: 'X-User', in: 'header', schema: {} }
    const page = { name: 'page', in: 'query', schema: {} }
    const item = {
      parameters: [{ $ref: '#/components/parameters/User' }, page],
      get: { responses: {} },
      put: { parameters: [{ ...page, required: true }], responses: {} },
    }
    const document = { paths: { '/a': item }, components: { parameters: { User: user } } }
    const made = withProxyAnswers(document as never, (_, method) => (method === 'GET' ? [hides] : []))
    expect(made['paths']).toMatchObject({
      '/a': {
        get: { parameters: [page] },
        put: { parameters: [{ $ref: '#/components/parameters/User' }, { required: true }] },
      },
    })
    expect((made['paths'] as { '/a': object })['/a']).not.toHaveProperty('parameters')
  })
})

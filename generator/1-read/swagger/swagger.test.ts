import { expect, test } from 'vitest'
import { readFiles } from '../testing/read-files.ts'

const document = `swagger: "2.0"
info: { title: T, version: "1" }
host: api.example.com
basePath: /v1/
schemes: [https, http]
consumes: [application/json]
produces: [application/json, application/xml]
x-proxy: { timeout: 5s }
parameters:
  Limit: { name: limit, in: query, type: integer, minimum: 1, exclusiveMinimum: true }
  NewPet: { name: pet, in: body, required: true, description: the pet, schema: { $ref: '#/definitions/Pet' } }
  Photo: { name: photo, in: formData, type: file }
responses:
  NotFound: { description: none, schema: { $ref: '#/definitions/Error' } }
securityDefinitions:
  basic: { type: basic }
  key: { type: apiKey, in: header, name: X-Key, x-proxy: { apiKey: { consumers: ./c.yaml } } }
  oauth: { type: oauth2, flow: accessCode, authorizationUrl: https://a, tokenUrl: https://t, scopes: { a: b } }
security: [{ key: [] }]
definitions:
  Pet: { type: object, discriminator: kind, properties: { kind: { type: string, x-nullable: true, example: cat } } }
  Error: { $ref: './error.yaml' }
paths:
  /pets:
    parameters: [{ $ref: '#/parameters/Limit' }]
    get:
      operationId: list
      parameters:
        - { name: tags, in: query, type: array, items: { type: string }, collectionFormat: multi }
        - { name: ids, in: query, type: array, items: { type: string } }
        - { name: X-Ids, in: header, type: array, items: { type: integer }, collectionFormat: csv }
        - { name: piped, in: query, type: array, items: { type: string }, collectionFormat: pipes }
      responses:
        200:
          description: all
          schema: { type: array, items: { $ref: '#/definitions/Pet' } }
          headers: { X-Total: { type: integer, description: how many } }
          examples: { application/json: [] }
        404: { $ref: '#/responses/NotFound' }
    post:
      consumes: [application/json, application/vnd.pet+json]
      produces: [application/problem+json]
      schemes: [http]
      parameters: [{ $ref: '#/parameters/NewPet' }]
      responses: { 201: { description: made }, 404: { $ref: '#/responses/NotFound' } }
  /photos:
    post:
      consumes: [multipart/form-data]
      parameters:
        - { $ref: '#/parameters/Photo' }
        - { name: tags, in: formData, type: array, required: true, items: { type: string }, collectionFormat: multi, description: some }
      responses: { 200: { description: x, schema: { type: file } } }
`

test('a document of 2.0 in the normal form', async () => {
  const { value, found, placeOf } = await readFiles({ 'a.yaml': document, 'error.yaml': 'type: string\n' })
  expect(found).toEqual([])
  expect(Object.keys(value)).toEqual(['openapi', 'info', 'servers', 'x-proxy', 'security', 'paths', 'components'])
  expect(value.servers).toEqual([{ url: 'https://api.example.com/v1' }, { url: 'http://api.example.com/v1' }])
  const { get, post } = value.paths['/pets']
  expect(value.paths['/pets'].parameters).toEqual([{ $ref: '#/components/parameters/Limit' }])
  const strings = { type: 'array', items: { type: 'string' } }
  expect(get.parameters).toEqual([
    { name: 'tags', in: 'query', schema: strings, style: 'form', explode: true },
    { name: 'ids', in: 'query', schema: strings, style: 'form', explode: false },
    { name: 'X-Ids', in: 'header', schema: { type: 'array', items: { type: 'integer' } } },
    { name: 'piped', in: 'query', schema: strings, style: 'pipeDelimited', explode: false },
  ])
  const pets = { type: 'array', items: { $ref: '#/components/schemas/Pet' } }
  expect(get.responses['200']).toEqual({
    description: 'all',
    headers: { 'X-Total': { description: 'how many', schema: { type: 'integer' } } },
    content: { 'application/json': { schema: pets, example: [] }, 'application/xml': { schema: pets } },
  })
  expect(get.responses['404']).toEqual({ $ref: '#/components/responses/NotFound' })
  expect(post.requestBody.$ref).toBe('#/components/requestBodies/NewPet')
  expect(value.components.requestBodies.NewPet).toEqual({
    required: true,
    description: 'the pet',
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/Pet' } },
      'application/vnd.pet+json': { schema: { $ref: '#/components/schemas/Pet' } },
    },
  })
  expect(post.servers).toEqual([{ url: 'http://api.example.com/v1' }])
  expect(post.responses['201']).toEqual({ description: 'made' })
  const other = post.responses['404'].$ref.split('/').at(-1)
  expect(Object.keys(value.components.responses[other].content)).toEqual(['application/problem+json'])
  expect(value.components.parameters).toEqual({
    Limit: { name: 'limit', in: 'query', schema: { type: 'integer', exclusiveMinimum: 1 } },
  })
  expect(value.components.schemas).toEqual({
    Pet: {
      type: 'object',
      discriminator: { propertyName: 'kind' },
      properties: { kind: { type: ['string', 'null'], 'x-nullable': true, examples: ['cat'] } },
    },
    Error: { type: 'string' },
  })
  expect(value.components.securitySchemes).toEqual({
    basic: { type: 'http', scheme: 'basic' },
    key: { type: 'apiKey', in: 'header', name: 'X-Key', 'x-proxy': { apiKey: { consumers: './c.yaml' } } },
    oauth: {
      type: 'oauth2',
      flows: { authorizationCode: { authorizationUrl: 'https://a', tokenUrl: 'https://t', scopes: { a: 'b' } } },
    },
  })
  const form = value.paths['/photos'].post
  expect(form.requestBody).toEqual({
    required: true,
    content: {
      'multipart/form-data': {
        schema: {
          type: 'object',
          properties: {
            photo: { type: 'string', format: 'binary' },
            tags: { type: 'array', items: { type: 'string' }, description: 'some' },
          },
          required: ['tags'],
        },
        encoding: { tags: { style: 'form', explode: true } },
      },
    },
  })
  expect(form.responses['200'].content).toEqual({ 'application/json': {}, 'application/xml': {} })

  const photo = ['paths', '/photos', 'post', 'requestBody', 'content', 'multipart/form-data']
  for (const [path, place] of [
    [['servers', 0, 'url'], 'a.yaml#/host'],
    [
      ['paths', '/pets', 'get', 'parameters', 0, 'schema', 'items', 'type'],
      'a.yaml#/paths/~1pets/get/parameters/0/items/type',
    ],
    [['paths', '/pets', 'get', 'parameters', 0, 'explode'], 'a.yaml#/paths/~1pets/get/parameters/0/collectionFormat'],
    [['paths', '/pets', 'get', 'responses', '200', 'content', 'application/xml'], 'a.yaml#/produces/1'],
    [
      ['paths', '/pets', 'get', 'responses', '200', 'content', 'application/xml', 'schema', 'type'],
      'a.yaml#/paths/~1pets/get/responses/200/schema/type',
    ],
    [['paths', '/pets', 'post', 'requestBody'], 'a.yaml#/paths/~1pets/post/parameters/0'],
    [
      ['components', 'requestBodies', 'NewPet', 'content', 'application/json', 'schema'],
      'a.yaml#/parameters/NewPet/schema',
    ],
    [['components', 'schemas', 'Pet', 'properties', 'kind', 'type', 0], 'a.yaml#/definitions/Pet/properties/kind/type'],
    [['components', 'schemas', 'Error', 'type'], 'error.yaml#/type'],
    [
      ['components', 'securitySchemes', 'oauth', 'flows', 'authorizationCode', 'tokenUrl'],
      'a.yaml#/securityDefinitions/oauth/tokenUrl',
    ],
    [
      ['components', 'securitySchemes', 'key', 'x-proxy', 'apiKey', 'consumers'],
      'a.yaml#/securityDefinitions/key/x-proxy/apiKey/consumers',
    ],
    [[...photo, 'schema', 'properties', 'photo', 'type'], 'a.yaml#/parameters/Photo/type'],
    [[...photo, 'schema', 'required', 0], 'a.yaml#/paths/~1photos/post/parameters/1/required'],
  ] as const) {
    expect(placeOf(...path), path.join('/')).toBe(place)
  }
})

const operation = (text: string) => `swagger: "2.0"
paths:
  /a:
    post:
      responses: {}
      ${text.replaceAll('\n', '\n      ')}
`

test.each<[string, string, string[]]>([
  [
    'two bodies',
    'parameters: [{ in: body, name: a, schema: {} },\n  { in: body, name: b, schema: {} }]',
    ['body-conflict a.yaml:7:9'],
  ],
  [
    'a body and a form',
    'parameters: [{ in: body, name: a, schema: {} },\n  { in: formData, name: b, type: string }]',
    ['body-conflict a.yaml:7:9'],
  ],
  [
    'a form field twice',
    'parameters: [{ in: formData, name: a, type: string },\n  { in: formData, name: a, type: string }]',
    ['duplicate-form-field a.yaml:7:31'],
  ],
  [
    'multi in a path',
    'parameters: [{ in: path, name: a, type: array, items: {}, collectionFormat: multi }]',
    ['collection-format a.yaml:6:83'],
  ],
  [
    'tab-separated values',
    'parameters: [{ in: query, name: a, type: array, items: {}, collectionFormat: tsv }]',
    ['collection-format-lost a.yaml:6:84'],
  ],
  ['an array of nothing', 'parameters: [{ in: query, name: a, type: array }]', ['items-missing a.yaml:6:48']],
  [
    'a file without multipart',
    'parameters: [{ in: formData, name: a, type: file }]',
    ['file-without-multipart a.yaml:6:20'],
  ],
  ['an unknown place', 'parameters: [{ in: cookie, name: a, type: string }]', ['parameter-in a.yaml:6:26']],
  ['a dangling parameter', "parameters: [{ $ref: '#/parameters/a' }]", ['ref-not-found a.yaml:6:28']],
])('reports %s', async (_, text, found) => {
  expect((await readFiles({ 'a.yaml': operation(text) })).found).toEqual(found)
})

test('the operation replaces a body of the path item by its name', async () => {
  const text = (name: string) => `swagger: "2.0"
paths:
  /a:
    parameters: [{ in: body, name: a, schema: { type: string } }]
    post:
      parameters: [{ in: body, name: ${name}, schema: { type: integer } }]
      responses: {}
    put: { responses: {} }
`
  const same = await readFiles({ 'a.yaml': text('a') })
  expect(same.found).toEqual([])
  const { post, put } = same.value.paths['/a']
  expect(post.requestBody.content['application/json'].schema).toEqual({ type: 'integer' })
  expect(put.requestBody.content['application/json'].schema).toEqual({ type: 'string' })
  expect((await readFiles({ 'a.yaml': text('b') })).found).toEqual(['body-conflict a.yaml:6:20'])
})

test('path items in other files take the defaults of the document', async () => {
  const { value } = await readFiles({
    'a.yaml': 'swagger: "2.0"\nproduces: [text/csv]\npaths: { /a: { $ref: b.yaml } }\n',
    'b.yaml': 'get: { responses: { 200: { description: x, schema: { type: string } } } }\n',
  })
  expect(Object.keys(value.paths['/a'].get.responses['200'].content)).toEqual(['text/csv'])
})

import { expect, test } from 'vitest'
import { readFiles } from './testing/read-files.ts'

type Reference = { $ref: string }

const head = 'openapi: 3.1.0\ninfo: { title: T, version: "1" }\n'
const schemas = (text: string) => `${head}paths: {}\ncomponents:\n  schemas:\n${text.replace(/^/gm, '    ')}`

test.each<[string, string, string, string[]]>([
  ['2.0', 'swagger: "2.0"\npaths: {}\n', '2.0', []],
  ['a patch version', 'openapi: 3.0.3\npaths: {}\n', '3.0', []],
  ['a release candidate', 'openapi: 3.0.0-RC1\npaths: {}\n', '3.0', []],
  ['a shorthand', 'openapi: "3.1"\npaths: {}\n', '3.1', ['version-shorthand a.yaml:1:10']],
  ['a number', 'openapi: 3.0\npaths: {}\n', '3.0', ['version-shorthand a.yaml:1:10']],
  ['3.2', 'openapi: 3.2.0\npaths: {}\n', '3.2', []],
  ['2.0 as a number', 'swagger: 2.0\npaths: {}\n', '2.0', ['version-not-text a.yaml:1:10']],
])('reads %s', async (_, text, version, found) => {
  const read = await readFiles({ 'a.yaml': text })
  expect(read.result?.version).toBe(version)
  expect(read.found).toEqual(found)
})

test.each<[string, string, string[]]>([
  ['another kind of document', 'asyncapi: 2.0.0\n', ['not-openapi a.yaml:1:1']],
  ['a list', '- a\n', ['not-openapi a.yaml:1:1']],
  ['a future version', 'openapi: 4.0.0\n', ['version-unknown a.yaml:1:10']],
  ['Swagger 1', 'swagger: "1.2"\n', ['version-unknown a.yaml:1:10']],
  ['swagger 3.0', 'swagger: "3.0"\n', ['version-unknown a.yaml:1:10']],
  ['no text', 'openapi: { a: 1 }\n', ['version-not-text a.yaml:1:10']],
])('refuses %s', async (_, text, found) => {
  const read = await readFiles({ 'a.yaml': text })
  expect(read.result).toBeUndefined()
  expect(read.found).toEqual(found)
})

test('wrong types anywhere are left for the check, never thrown', async () => {
  for (const text of [
    `${head}paths: []\ncomponents: 3\nservers: {}\n`,
    `${head}paths: { /a: { get: { parameters: 3, requestBody: [], responses: { 200: { content: { a: 3 } } }, callbacks: [3] } } }\n`,
    'swagger: "2.0"\npaths: { /a: { get: 3, parameters: {}, post: { parameters: [3, null, { in: body }], responses: { 200: null, default: { headers: 3, schema: 3 } } } } }\ndefinitions: 3\nresponses: []\nsecurityDefinitions: { a: 1, b: { type: oauth2 } }\nhost: 3\n',
  ]) {
    expect((await readFiles({ 'a.yaml': text })).found).toEqual([])
  }
})

test('files, deep pointers and chains become components under readable names', async () => {
  const read = await readFiles({
    'specs/a.yaml': `${head}paths:
  /pets/{id}:
    $ref: paths/pets.yaml#/one
components:
  schemas:
    Pet: { $ref: ./schemas/pet.yaml }
    Alias: { $ref: '#/components/schemas/Pet' }
    Deep:
      properties:
        owner: { $ref: '#/components/schemas/Pet/properties/owner' }
        self: { $ref: '#/components/schemas/Deep' }
        file: { $ref: ../common.yaml#/Error }
        again: { $ref: ../common.yaml#/Error }
`,
    'specs/paths/pets.yaml': `one:
  parameters: [{ $ref: '#/parameters/id' }]
  get:
    responses:
      200: { $ref: ../a.yaml#/components/schemas/../../nothing }
      404: { $ref: ../../common.yaml#/NotFound }
      default:
        description: x
        content: { application/json: { schema: { $ref: ../schemas/pet.yaml } } }
parameters:
  id: { name: id, in: path, required: true, schema: { type: string } }
`,
    'specs/schemas/pet.yaml': `type: object
properties:
  owner: { type: object, properties: { pets: { type: array, items: { $ref: pet.yaml } } } }
`,
    'common.yaml': `Error: { type: object, properties: { inner: { $ref: '#/Inner' } } }
Inner: { $ref: '#/Innermost' }
Innermost: { type: string }
NotFound: { description: none, content: { application/json: { schema: { $ref: '#/Error' } } } }
`,
  })
  expect(read.found).toEqual(['ref-not-found specs/paths/pets.yaml:5:20'])
  const { paths, components } = read.value
  expect(paths['/pets/{id}'].parameters).toEqual([{ $ref: '#/components/parameters/id' }])
  const { responses } = paths['/pets/{id}'].get
  expect(responses['404']).toEqual({ $ref: '#/components/responses/NotFound' })
  expect(responses.default.content['application/json'].schema).toEqual({ $ref: '#/components/schemas/Pet' })
  expect(Object.keys(components.schemas)).toEqual(['Pet', 'Alias', 'Deep', 'Pet_owner', 'Error', 'Innermost'])
  expect(components.schemas.Alias).toEqual({ $ref: '#/components/schemas/Pet' })
  expect(components.schemas.Pet.properties.owner.properties.pets.items).toEqual({ $ref: '#/components/schemas/Pet' })
  const { owner, self, file, again } = components.schemas.Deep.properties
  expect([self, file, again].map((schema) => schema.$ref.split('/').at(-1))).toEqual(['Deep', 'Error', 'Error'])
  // A deep target is one object in both places.
  expect(components.schemas[owner.$ref.split('/').at(-1)]).toBe(components.schemas.Pet.properties.owner)
  expect(components.schemas.Error.properties.inner).toEqual({ $ref: '#/components/schemas/Innermost' })

  expect(read.placeOf('components', 'schemas', 'Pet', 'properties', 'owner', 'type')).toBe(
    'specs/schemas/pet.yaml#/properties/owner/type',
  )
  expect(read.placeOf('components', 'responses', 'NotFound', 'description')).toBe('common.yaml#/NotFound/description')
  expect(read.placeOf('paths', '/pets/{id}', 'get', 'responses', 'default')).toBe(
    'specs/paths/pets.yaml#/one/get/responses/default',
  )
  expect(read.placeOf('components', 'parameters', 'id', 'in')).toBe('specs/paths/pets.yaml#/parameters/id/in')
  expect(read.result?.files).toEqual(['specs/a.yaml', 'specs/schemas/pet.yaml', 'specs/paths/pets.yaml', 'common.yaml'])
})

test('a name that is taken gets the file or a number', async () => {
  const read = await readFiles({
    'a.yaml': schemas(
      'Error: { type: string }\nA: { properties: { a: { $ref: x.yaml#/Error }, b: { $ref: y/x.yaml#/Error }, c: { $ref: z.json } } }\n',
    ),
    'x.yaml': 'Error: { type: integer }\n',
    'y/x.yaml': 'Error: { type: boolean }\n',
    'z.json': '{ "type": "number" }',
  })
  expect(read.value.components.schemas).toEqual({
    Error: { type: 'string' },
    A: {
      properties: {
        a: { $ref: '#/components/schemas/x_Error' },
        b: { $ref: '#/components/schemas/Error_2' },
        c: { $ref: '#/components/schemas/z' },
      },
    },
    x_Error: { type: 'integer' },
    Error_2: { type: 'boolean' },
    z: { type: 'number' },
  })
})

test('encoded fragments and file names', async () => {
  const read = await readFiles({
    'a.yaml': schemas(`"With space": { type: string }
"a/b~c%d": { type: integer }
A:
  properties:
    a: { $ref: '#/components/schemas/With%20space' }
    b: { $ref: '#/components/schemas/a~1b~0c%25d' }
    c: { $ref: '#/components/schemas/a~1b~0c%d' }
    d: { $ref: 'my%20file.yaml#/x' }
    e: { $ref: './$select.yaml' }
    f: { $ref: '.\\sub\\f.yaml' }
    g: { $ref: '#/components/schemas/With+space' }
`),
    'my file.yaml': 'x: { type: "null" }\n',
    '$select.yaml': 'type: boolean\n',
    'sub/f.yaml': 'type: array\n',
  })
  expect(read.found).toEqual(['ref-plus a.yaml:16:20'])
  const targets = Object.values<Reference>(read.value.components.schemas.A.properties).map(
    (schema) => read.result?.tree.target(schema.$ref)?.value,
  )
  expect(targets).toEqual([
    { type: 'string' },
    { type: 'integer' },
    { type: 'integer' },
    { type: 'null' },
    { type: 'boolean' },
    { type: 'array' },
    { type: 'string' },
  ])
})

test('what looks like a reference in data is data', async () => {
  const read = await readFiles({
    'a.yaml': schemas(`A:
  x-note: { $ref: nowhere.yaml }
  enum: [{ $ref: nowhere.yaml }]
  const: { $ref: nowhere.yaml }
  default: { $ref: nowhere.yaml }
  examples: [{ $ref: nowhere.yaml }]
  properties:
    $ref: { type: string }
    example: { $ref: '#/components/schemas/B' }
B:
  example: { $ref: nowhere.yaml }
`),
  })
  expect(read.found).toEqual([])
  expect(read.value.components.schemas.A.properties.$ref).toEqual({ type: 'string' })
})

test.each<[string, string, string[]]>([
  ['a name', "A: { $ref: '#/components/schemas/Bb' }\nB: {}\n", ['ref-not-found a.yaml:6:16']],
  ['a file', 'A: { $ref: ./none.yaml }\n', ['ref-file a.yaml:6:16']],
  ['the network', 'A: { $ref: "https://example.com/a.yaml#/A" }\n', ['remote-ref a.yaml:6:16']],
  ['an absolute path', 'A: { $ref: /components/schemas/B }\nB: {}\n', ['ref-absolute a.yaml:6:16']],
  ['a file URI', 'A: { $ref: "file:///etc/hostname" }\n', ['ref-absolute a.yaml:6:16']],
  ['no text', 'A: { $ref: 0 }\n', ['ref-invalid a.yaml:6:16']],
  ['a bare name', 'A: { $ref: B }\nB: {}\n', ['ref-file a.yaml:6:16']],
  // 2-check warns: a schema that is itself allows everything.
  ['itself', "A: { $ref: '#/components/schemas/A' }\n", []],
  ['a circle', "A: { $ref: '#/components/schemas/B' }\nB: { $ref: '#/components/schemas/A' }\n", []],
  [
    'itself, deep',
    "A: { properties: { a: { $ref: '#/components/schemas/A/properties/a' } } }\n",
    ['ref-cycle a.yaml:6:35'],
  ],
  ['a response', "A: { $ref: '#/components/responses/R' }\n", ['ref-not-found a.yaml:6:16']],
])('reports a reference to %s', async (_, text, found) => {
  const read = await readFiles({ 'a.yaml': schemas(text) })
  expect(read.found).toEqual(found)
})

test('suggests what was meant', async () => {
  const read = await readFiles({
    'a.yaml': schemas(
      "A: { $ref: '#/components/schemas/Pets' }\nB: { $ref: /components/schemas/Pet }\nC: { $ref: Pet }\nD: { $ref: ./pat.yaml#/x }\nPet: {}\n",
    ),
    'pet.yaml': 'x: 1\n',
  })
  expect(read.diagnostics.map(({ help }) => help)).toEqual([
    'Did you mean "#/components/schemas/Pet"?',
    'Did you mean "#/components/schemas/Pet"?',
    'Did you mean "#/components/schemas/Pet"?',
    'Did you mean "./pet.yaml#/x"?',
  ])
})

test('a reference to another kind of object is refused; a parameter lends its schema', async () => {
  const read = await readFiles({
    'a.yaml': `${head}paths:
  /a: { $ref: '#/components/schemas/A' }
components:
  parameters: { P: { name: p, in: query, schema: { type: integer } } }
  schemas:
    A: { properties: { p: { $ref: '#/components/parameters/P' } } }
`,
  })
  expect(read.found).toEqual(['ref-kind a.yaml:4:15', 'ref-parameter a.yaml:8:35'])
  expect(read.result?.tree.target(read.value.components.schemas.A.properties.p.$ref)?.value).toEqual({
    type: 'integer',
  })
})

test('path items: siblings stay, callbacks keep references', async () => {
  const read = await readFiles({
    'a.yaml': `${head}paths:
  /a: { $ref: '#/components/pathItems/A', summary: mine }
  /b: { $ref: '#/paths/~1c' }
  /c:
    post:
      callbacks: { done: { '{$request.body#/url}': { $ref: '#/paths/~1c' } } }
components:
  pathItems:
    A: { summary: theirs, get: { operationId: a } }
`,
  })
  expect(read.found).toEqual([])
  expect(read.value.paths['/a']).toEqual({ summary: 'mine', get: { operationId: 'a' } })
  expect(read.placeOf('paths', '/a', 'summary')).toBe('a.yaml#/paths/~1a/summary')
  expect(read.placeOf('paths', '/a', 'get', 'operationId')).toBe('a.yaml#/components/pathItems/A/get/operationId')
  expect(read.value.paths['/b']).toBe(read.value.paths['/c'])
  expect(read.value.paths['/c'].post.callbacks.done['{$request.body#/url}']).toEqual({
    $ref: '#/components/pathItems/c',
  })
})

test('references where OpenAPI has none are followed, with one warning', async () => {
  const read = await readFiles({
    'a.yaml': `${head}paths: { $ref: parts.yaml#/paths }\ncomponents: { schemas: { $ref: parts.yaml#/schemas } }\n`,
    'parts.yaml': `paths:
  /a: { get: { $ref: '#/get' } }
get: { responses: { 200: { description: x, content: { a/b: { schema: { $ref: a.yaml#/components/schemas/A } } } } } }
schemas: { A: { type: string } }
`,
  })
  expect(read.found).toEqual(['ref-not-allowed a.yaml:4:32'])
  expect(read.diagnostics[0]?.message).toContain('3 times')
  expect(read.value.components.schemas).toEqual({ A: { type: 'string' } })
  const { responses } = read.value.paths['/a'].get
  expect(responses['200'].content['a/b'].schema).toEqual({ $ref: '#/components/schemas/A' })
  expect(read.placeOf('paths', '/a', 'get', 'responses')).toBe('parts.yaml#/get/responses')
})

test('identifiers of JSON Schema', async () => {
  const read = await readFiles({
    'a.yaml': schemas(`A:
  $id: https://example.com/a
  properties:
    byAnchor: { $ref: '#here' }
    byId: { $ref: b }
    byPointer: { $ref: '#/$defs/x' }
    ofDocument: { $ref: '#/components/schemas/B' }
  $defs:
    x: { $anchor: here, type: integer }
B:
  $id: https://example.com/b
  $dynamicAnchor: node
  items: { $dynamicRef: '#node' }
`),
  })
  expect(read.found).toEqual([])
  const { properties } = read.value.components.schemas.A
  const [byAnchor, byId, byPointer, ofDocument] = Object.values<Reference>(properties).map(({ $ref }) => $ref)
  expect(byAnchor).toBe(byPointer)
  expect(byId).toBe('#/components/schemas/B')
  expect(ofDocument).toBe('#/components/schemas/B')
  expect(read.value.components.schemas.B).toEqual({ items: { $ref: '#/components/schemas/B' } })
})

test('$dynamicRef means the outermost schema on the way to it', async () => {
  const text = `${schemas(`Node: { $id: node, $dynamicAnchor: n, properties: { children: { items: { $dynamicRef: "#n" } } } }
Strict: { $id: strict, $dynamicAnchor: n, $ref: node, unevaluatedProperties: false }
`)}`
  const { value, found } = await readFiles({ 'a.yaml': text })
  expect(found).toEqual([])
  const { Node, Strict, ...copies } = value.components.schemas
  expect(Node.properties.children.items).toEqual({ $ref: '#/components/schemas/Node' })
  const [[name, copy]] = Object.entries(copies) as [[string, typeof Node]]
  expect(Strict.$ref).toBe(`#/components/schemas/${name}`)
  expect(copy.properties.children.items).toEqual({ $ref: '#/components/schemas/Strict' })
})

test('$recursiveRef without a schema of the name around it, and several to choose from, is refused', async () => {
  const text = schemas('A: { $recursiveAnchor: true }\nB: { $recursiveAnchor: true, items: { $recursiveRef: "#" } }\n')
  const { value, found } = await readFiles({ 'a.yaml': text })
  expect(found).toEqual([])
  expect(value.components.schemas.B.items).toEqual({ $ref: '#/components/schemas/B' })
  const lost = schemas(
    'A: { $recursiveAnchor: true }\nB: { $recursiveAnchor: true }\nC: { items: { $recursiveRef: "#" } }\n',
  )
  expect((await readFiles({ 'a.yaml': lost })).found).toEqual(['dynamic-ref a.yaml:8:34'])
})

test('$self is what references are relative to', async () => {
  const read = await readFiles({
    'a.yaml': `openapi: 3.2.0
$self: https://example.com/api/openapi.yaml
info: { title: T, version: "1" }
paths: {}
components:
  schemas:
    A: { $ref: 'https://example.com/api/openapi.yaml#/components/schemas/B' }
    B: { $ref: ./b.yaml }
`,
    'b.yaml': 'type: string\n',
  })
  expect(read.found).toEqual([])
  expect(read.value.components.schemas).toEqual({ A: { $ref: '#/components/schemas/B' }, B: { type: 'string' } })
})

test('discriminator mappings name components', async () => {
  const read = await readFiles({
    'a.yaml': schemas(`A:
  oneOf: [{ $ref: '#/components/schemas/B' }, { $ref: ./c.yaml }]
  discriminator:
    propertyName: kind
    mapping: { b: B, bb: '#/components/schemas/B', c: ./c.yaml, d: Nope }
B: {}
`),
    'c.yaml': '{}\n',
  })
  expect(read.found).toEqual(['mapping-not-found a.yaml:10:72'])
  expect(read.value.components.schemas.A.discriminator.mapping).toEqual({
    b: '#/components/schemas/B',
    bb: '#/components/schemas/B',
    c: '#/components/schemas/c',
  })
})

test('examples on the network do not stop anything', async () => {
  const read = await readFiles({
    'a.yaml': `${head}paths: {}\ncomponents: { parameters: { P: { name: p, in: query, examples: { a: { $ref: 'https://example.com/x' } } } } }\n`,
  })
  expect(read.found).toEqual(['remote-ref-ignored a.yaml:4:77'])
  expect(read.value.components.parameters.P.examples).toEqual({})
})

test('a file that refers to itself by an absolute path is said to, and no more', async () => {
  const { found } = await readFiles({ 'a.yaml': schemas('A: { $ref: "b.json" }\n'), 'b.json': '{ "$ref": "/b/c" }' })
  expect(found).toEqual(['ref-absolute a.yaml:6:16'])
})

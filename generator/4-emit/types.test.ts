import ts from 'typescript'
import { expect, test } from 'vitest'
import { typesFile } from './types.ts'

const document = (paths: object, components: object) => ({
  openapi: '3.2.0',
  info: { title: 'Test', version: '1' },
  paths,
  components,
})

test('puts shared media types where they are used', () => {
  const content = { 'application/json': { $ref: '#/components/mediaTypes/a~1b' } }
  const text = typesFile(
    document(
      { '/x': { get: { operationId: 'x', responses: { 200: { description: 'ok', content } } } } },
      { mediaTypes: { 'a/b': { schema: { type: 'string', enum: ['only here'] } } } },
    ) as never,
  )
  expect(text).toContain('"application/json": "only here"')
  expect(text).not.toContain('mediaTypes')
})

const parameter = { name: 'a%b', in: 'path', required: true, schema: { type: 'object', properties: { '%': {} } } }
const operation = { operationId: '50%', parameters: [parameter], responses: { 200: { description: '' } } }
const typed = (schemas: object) => typesFile(document({ '/100%/{a%b}': { get: operation } }, { schemas }) as never)

/** What strict TypeScript says of the text. */
function complaints(text: string): string[] {
  const host = ts.createCompilerHost({})
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...rest) =>
    name === 'types.ts' ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2024) : read(name, ...rest)
  const options = { strict: true, noEmit: true, types: [], target: ts.ScriptTarget.ES2024 }
  const program = ts.createProgram(['types.ts'], options, host)
  return program.getSemanticDiagnostics().map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

test('takes a percent sign in paths and names for one', () => {
  const text = typed({ A: { type: 'object', required: ['100%'], properties: { '100%': { type: 'string' } } } })
  expect(text).toContain('"/100%/{a%b}"')
  expect(text).toContain('"100%": string')
})

test.each([
  ['a list of itself', { List: { type: 'array', items: ref('List') } }],
  [
    'a tree',
    {
      Tree: {
        anyOf: [{ type: 'string' }, { type: 'array', items: ref('Tree') }, { additionalProperties: ref('Tree') }],
      },
    },
  ],
  [
    'lists of each other',
    { A: { type: 'array', items: ref('B') }, B: { oneOf: [{ type: 'null' }, ref('A')] }, 'C.D': ref('A') },
  ],
  [
    'a parent that is one of its children',
    {
      Circle: { allOf: [ref('Shape'), { required: ['radius'], properties: { radius: { type: 'number' } } }] },
      Shape: { type: 'object', properties: { id: { type: 'string' } }, oneOf: [ref('Circle'), ref('Square')] },
      Square: { allOf: [ref('Shape'), { properties: { side: { type: 'number' } } }] },
    },
  ],
  [
    'nothing but each other',
    { A: ref('B'), B: ref('A'), C: { anyOf: [ref('C'), { type: 'string' }] }, D: { allOf: [ref('D')] } },
  ],
])('writes %s', (_, schemas) => {
  expect(complaints(typed(schemas))).toEqual([])
})

test('leaves a child what its parent says', () => {
  const text = typed({
    Circle: { allOf: [ref('Shape'), { properties: { radius: { type: 'number' } } }] },
    Shape: { type: 'object', properties: { id: { type: 'string' } }, oneOf: [ref('Circle')] },
  })
  expect(text).toMatch(/Circle: \{\s*id\?: string;\s*\} & \{\s*radius\?: number;\s*\}/)
})

test('takes what an author left empty for anything, and keywords among properties for slips', () => {
  const content = { 'application/json': null }
  const text = typesFile(
    document(
      { '/x': { post: { operationId: 'x', requestBody: { content }, responses: { 200: { description: 'ok' } } } } },
      { schemas: { A: { type: 'object', properties: { a: { type: 'string' }, b: null, required: ['a'] } } } },
    ) as never,
  )
  expect(complaints(text)).toEqual([])
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type InspectResult, inspect } from '../../index.ts'

const root = mkdtempSync(join(tmpdir(), 'specgate-narrow-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const ok = "responses: { '200': { description: ok } }"

async function lenient(body: string): Promise<InspectResult> {
  writeFileSync(
    join(root, 'spec.yaml'),
    `openapi: 3.1.1\ninfo: { title: T, version: '1' }\nservers: [{ url: 'http://a.example' }]\n${body}`,
  )
  return inspect({ document: 'spec.yaml', root, out: 'generated', lenient: true })
}

function served({ plan }: InspectResult): string[] | undefined {
  return plan?.operations.map(({ method, path }) => `${method} ${path}`)
}

function errors({ diagnostics }: InspectResult): string[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)
}

test('of two paths of one shape the later gives way, and only where they share a method', async () => {
  const result = await lenient(`
paths:
  /a/{x}:
    parameters: [{ name: x, in: path, required: true, schema: { type: string } }]
    get: { ${ok} }
  /a/{y}:
    parameters: [{ name: y, in: path, required: true, schema: { type: string } }]
    get: { ${ok} }
    post: { ${ok} }
`)
  expect(served(result)).toEqual(['GET /a/{x}', 'POST /a/{y}'])
  expect(result.plan?.narrowed).toEqual(['GET /a/{y}: "/a/{y}" matches the same requests as "/a/{x}".'])
  const found = result.diagnostics.find(({ code }) => code === 'path-conflict')
  expect(found).toMatchObject({ severity: 'warning', help: 'Left out: GET /a/{y}.' })
})

test('a reference that leads nowhere takes along whatever needs it, through components, and nothing else', async () => {
  const result = await lenient(`
paths:
  /direct: { get: { responses: { '200': { $ref: '#/components/responses/List' } } } }
  /other: { get: { ${ok} } }
components:
  responses:
    List: { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/List' } } } }
  schemas:
    List: { type: array, items: { $ref: '#/components/schemas/Item' } }
    Item: { type: object, properties: { gone: { $ref: '#/components/schemas/Gone' } } }
    Unused: { $ref: 'https://example.com/schema.json' }
`)
  expect(served(result)).toEqual(['GET /other'])
  expect(JSON.stringify(result.plan?.publicDocument)).not.toMatch(/Gone|example\.com/)
  expect(result.plan?.narrowed).toHaveLength(2)
})

test('an unknown security scheme closes the operations that name nothing else, the ones that inherit it too', async () => {
  const result = await lenient(`
security: [{ gone: [] }]
paths:
  /inherits: { get: { ${ok} } }
  /open: { get: { security: [], ${ok} } }
  /own: { get: { security: [{ lost: [] }], ${ok} } }
  /either: { get: { security: [{ key: [] }, { lost: [] }], ${ok} } }
components: { securitySchemes: { key: { type: apiKey, in: header, name: k } } }
`)
  expect(served(result)).toEqual(['GET /open', 'GET /either'])
})

test('a security scheme that cannot be read closes the operations that need it', async () => {
  const result = await lenient(`
paths:
  /needs: { get: { security: [{ odd: [] }], ${ok} } }
  /open: { get: { ${ok} } }
components: { securitySchemes: { odd: { type: password } } }
`)
  expect(served(result)).toEqual(['GET /open'])
})

test('a variable nobody describes leaves out the operations without it', async () => {
  const result = await lenient(`
paths:
  /a/{x}:
    get: { ${ok} }
    put: { parameters: [{ name: x, in: path, required: true, schema: { type: string } }], ${ok} }
`)
  expect(served(result)).toEqual(['PUT /a/{x}'])
})

test('an operationId that is taken is replaced', async () => {
  const result = await lenient(`
paths:
  /a: { get: { operationId: same, ${ok} } }
  /b: { get: { operationId: same, ${ok} } }
`)
  expect(result.plan?.operations.map(({ id }) => id)).toEqual(['same', 'same_2'])
  expect(result.plan?.narrowed).toEqual(['The operationId "same" is taken.'])
})

test('what is wrong with the document as a whole, or with x-proxy, stays an error', async () => {
  const wrong = await lenient(`security: nobody\npaths: { /a: { get: { ${ok} } } }\n`)
  expect(errors(wrong)).toEqual(['wrong-type'])
  const proxy = await lenient(`paths: { /a: { get: { x-proxy: { rateLimit: { quota: 1 } }, ${ok} } } }\n`)
  expect(errors(proxy)).not.toEqual([])
  expect(proxy.plan).toBeUndefined()
})

test('where nothing remains to serve nothing is written', async () => {
  expect(errors(await lenient('paths: { "/a/{x}": { get: {} } }\n'))).toEqual(['nothing-left'])
})

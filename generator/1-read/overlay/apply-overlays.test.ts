import { expect, test } from 'vitest'
import { readFiles } from '../testing/read-files.ts'

const document = `openapi: 3.1.0
info: { title: T, version: "1" }
tags: [{ name: a }, { name: b }, { name: c }]
paths:
  /a: { get: &get { summary: one, tags: [a] } }
  /b: { get: *get }
components:
  schemas: { A: { type: object, required: [x] } }
`

/** The document with actions applied. */
const overlaid = (actions: string, version = '1.1.0') =>
  readFiles({
    'a.yaml': document,
    'a.overlay.yaml': `overlay: ${version}\ninfo: { title: O, version: "1" }\nactions:\n${actions.replace(/^/gm, '  ')}\n`,
  })

test('merges objects, appends to lists, replaces the rest; values point at the overlay', async () => {
  const { value, found, placeOf, lineOf } = await overlaid(`- target: $
  update:
    info: { title: New }
    x-proxy: { cache: { ttl: 30s } }
    tags: [{ name: d }]
- target: $.paths['/a'].get
  update: { summary: two, tags: [z], x-proxy: { retry: false } }
- target: $.components.schemas.A.required
  update: y
- target: $.paths['/a'].get.x-proxy
  update: { retry: { attempts: 2 } }`)
  expect(found).toEqual([])
  expect(value.info).toEqual({ title: 'New', version: '1' })
  expect(value.tags.map(({ name }: { name: string }) => name)).toEqual(['a', 'b', 'c', 'd'])
  expect(value.paths['/a'].get).toEqual({ summary: 'two', tags: ['a', 'z'], 'x-proxy': { retry: { attempts: 2 } } })
  expect(value.components.schemas.A.required).toEqual(['x', 'y'])
  expect(lineOf('x-proxy', 'cache', 'ttl')).toBe('a.overlay.yaml:7:32')
  for (const [path, place] of [
    [['info', 'title'], 'a.overlay.yaml#/actions/0/update/info/title'],
    [['info', 'version'], 'a.yaml#/info/version'],
    [['x-proxy', 'cache', 'ttl'], 'a.overlay.yaml#/actions/0/update/x-proxy/cache/ttl'],
    [['tags', 2, 'name'], 'a.yaml#/tags/2/name'],
    [['tags', 3, 'name'], 'a.overlay.yaml#/actions/0/update/tags/0/name'],
    [['paths', '/a', 'get', 'tags', 0], 'a.yaml#/paths/~1a/get/tags/0'],
    [['paths', '/a', 'get', 'tags', 1], 'a.overlay.yaml#/actions/1/update/tags/0'],
    [['paths', '/a', 'get', 'x-proxy', 'retry', 'attempts'], 'a.overlay.yaml#/actions/3/update/retry/attempts'],
    [['components', 'schemas', 'A', 'required', 1], 'a.overlay.yaml#/actions/2/update'],
  ] as const) {
    expect(placeOf(...path), path.join('/')).toBe(place)
  }
})

test('an alias is changed where the target is, not everywhere', async () => {
  const { value } = await overlaid(`- target: $.paths['/a'].get\n  update: { summary: two }`)
  expect(value.paths['/b'].get.summary).toBe('one')
})

test('one update for many targets makes many values', async () => {
  const { value, found } = await overlaid(
    `- target: $.paths.*.get\n  update: { x-a: { b: 1 } }\n- target: $.paths['/b'].get.x-a\n  update: { b: 2 }`,
  )
  expect(found).toEqual([])
  expect([value.paths['/a'].get['x-a'].b, value.paths['/b'].get['x-a'].b]).toEqual([1, 2])
})

test('removes members and items; what moves up keeps its place', async () => {
  const { value, found, placeOf } = await overlaid(
    `- target: $.tags[?@.name != 'c']\n  remove: true\n- target: $.paths['/b']\n  remove: true`,
  )
  expect(found).toEqual([])
  expect(value.tags).toEqual([{ name: 'c' }])
  expect(placeOf('tags', 0, 'name')).toBe('a.yaml#/tags/2/name')
  expect(Object.keys(value.paths)).toEqual(['/a'])
})

test('copies; the copy points at the original', async () => {
  const { value, found, placeOf } = await overlaid(
    `- target: $.paths\n  update: { /c: {} }\n- target: $.paths['/c']\n  copy: $.paths['/a']`,
  )
  expect(found).toEqual([])
  expect(value.paths['/c']).toEqual(value.paths['/a'])
  expect(placeOf('paths', '/c', 'get', 'summary')).toBe('a.yaml#/paths/~1a/get/summary')
})

test('references in overlays are those of the document', async () => {
  const { value, found } = await overlaid(
    `- target: $.components.schemas\n  update: { B: { $ref: '#/components/schemas/A' }, C: { $ref: '#/components/schemas/D' } }`,
  )
  expect(value.components.schemas.B).toEqual({ $ref: '#/components/schemas/A' })
  expect(found).toEqual(['ref-not-found a.overlay.yaml:5:65'])
})

test.each<[string, string, string[]]>([
  ['an action that matches nothing', '- target: $.paths["/x"]\n  update: {}', ['overlay-no-match a.overlay.yaml:4:13']],
  ['a malformed path', '- target: $.paths./a\n  update: {}', ['overlay-path a.overlay.yaml:4:13']],
  ['an unknown function', '- target: $.paths[?nope(@)]\n  update: {}', ['overlay-path a.overlay.yaml:4:13']],
  ['no target', '- update: {}', ['overlay-invalid a.overlay.yaml:4:5']],
  ['nothing to do', '- target: $', ['overlay-invalid a.overlay.yaml:4:5']],
  ['a misspelt key', '- target: $\n  remvoe: true\n  update: {}', ['overlay-key a.overlay.yaml:5:5']],
  [
    'an object into a list',
    '- target: $.paths["/a"].get\n  update: { tags: { a: b } }',
    ['overlay-mismatch a.overlay.yaml:5:21'],
  ],
  ['removal of everything', '- target: $\n  remove: true', ['overlay-invalid a.overlay.yaml:4:13']],
  ['an ambiguous copy', '- target: $.info\n  copy: $.paths.*', ['overlay-copy a.overlay.yaml:5:11']],
])('reports %s', async (_, actions, found) => {
  expect((await overlaid(actions)).found).toEqual(found)
})

test('reports overlays that are none', async () => {
  const found = async (text: string) => (await readFiles({ 'a.yaml': document, 'a.overlay.yaml': text })).found
  expect(await found('openapi: 3.1.0\n')).toEqual(['overlay-invalid a.overlay.yaml:1:1'])
  expect(await found('overlay: 2.0.0\n')).toEqual(['overlay-version a.overlay.yaml:1:10'])
  expect(await found('overlay: 1.0.0\ninfo: {}\nactions: {}\n')).toEqual(['overlay-invalid a.overlay.yaml:3:10'])
  expect(await found('overlay: 1.0.0\nactions: [{ target: $, update: {} }]\n')).toEqual([
    'overlay-info a.overlay.yaml:1:1',
  ])
  expect(await found('overlay: [\n')).toEqual(['syntax a.overlay.yaml:2:1'])
})

test('1.0 has no copy', async () => {
  const { found } = await overlaid('- target: $.info\n  copy: $.paths\n  update: {}', '1.0.0')
  expect(found).toEqual(['overlay-key a.overlay.yaml:5:5'])
})

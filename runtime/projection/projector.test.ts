import { describe, expect, it } from 'vitest'
import type { Validator } from '../core/validator.ts'
import { Projector, type ProjectorOptions } from './projector.ts'
import { type JsonShape, jsonShapes } from './shape.ts'

function project(
  shape: JsonShape,
  text: string,
  options: Partial<ProjectorOptions> = {},
  roles: readonly string[] = [],
  components: { readonly [name: string]: JsonShape } = {},
): string {
  const projector = new Projector(jsonShapes(components), { undeclared: 'strip', depth: 16, ...options })
  return projector.project(Buffer.from(text), projector.root(shape), roles, () => undefined).toString()
}

const two: JsonShape = { properties: { a: 'plain', b: 'plain' } }

describe('project', () => {
  it.each<[string, JsonShape, string, string]>([
    ['nothing to take', two, ' { "a" : 1.10, "b":"\\u00e9" } ', ' { "a" : 1.10, "b":"\\u00e9" } '],
    ['the first', two, '{"x":1, "a":1}', '{"a":1}'],
    ['the first ones', two, '{"x":1,"y":[{}],"a":1,"b":2}', '{"a":1,"b":2}'],
    ['one in the middle', two, '{"a":1,"x":{"a":2},"b":2}', '{"a":1,"b":2}'],
    ['the last', two, '{"b":2,"a":1 , "x":3}', '{"b":2,"a":1 }'],
    ['all', two, '{ "x":3, "y":4 }', '{  }'],
    ['escaped names', two, '{"\\u0061":1,"\\u0078":2,"\\u0062":3}', '{"\\u0061":1,"\\u0062":3}'],
    ['a name given twice', two, '{"a":1,"x":2,"a":3,"x":4}', '{"a":1,"a":3}'],
    ['names of prototypes', two, '{"__proto__":{"x":1},"constructor":2,"toString":3,"a":1}', '{"a":1}'],
    [
      'such a name that is declared',
      {
        properties: Object.fromEntries<JsonShape>([
          ['__proto__', two],
          ['constructor', 'plain'],
        ]),
      },
      '{"__proto__":{"a":1,"x":2},"constructor":3,"x":4}',
      '{"__proto__":{"a":1},"constructor":3}',
    ],
    ['objects where scalars are declared', two, '{"a":{"x":1},"b":[{"y":1},2]}', '{"a":{},"b":[{},2]}'],
    ['an array for an object', two, '[{"a":1}]', '[{}]'],
    ['maps', { additional: two }, '{"k":{"a":1,"x":2},"l":{"x":1}}', '{"k":{"a":1},"l":{}}'],
    [
      'patterns',
      { patterns: [{ pattern: '^i-', flags: 'u', value: two }], additional: false },
      '{"i-1":{"a":1,"x":2},"j":1,"\\u0069-2":{}}',
      '{"i-1":{"a":1},"\\u0069-2":{}}',
    ],
    ['items', { items: two }, '[{"x":1},{"a":1,"x":2},[{"a":1}],3]', '[{},{"a":1},[{}],3]'],
    ['tuples', { prefix: [two, 'any'] }, '[{"x":1},{"x":1},{"x":1},3]', '[{},{"x":1}]'],
    ['tuples with more', { prefix: [two], items: 'plain' }, '[{"x":1},{"x":1}]', '[{},{}]'],
    ['no items at all', { items: false }, '[ 1, 2 ]', '[  ]'],
    ['anything', { properties: { a: 'any' } }, '{"a":{"x":[{"y":1}]},"x":1}', '{"a":{"x":[{"y":1}]}}'],
    ['all of several', { all: [two, { properties: { c: 'plain' } }] }, '{"c":1,"x":2,"a":3}', '{"c":1,"a":3}'],
    [
      'a member of several',
      { all: [{ properties: { o: two } }, { properties: { o: { properties: { c: 'plain' } } } }] },
      '{"o":{"a":1,"c":2,"x":3}}',
      '{"o":{"a":1,"c":2}}',
    ],
    [
      'a map beside a closed one',
      { all: [{ additional: 'any' }, { properties: { a: 'plain' }, additional: false }] },
      '{"a":1,"x":2}',
      '{"a":1}',
    ],
    ['hidden members', { properties: { a: 'plain', p: 'hidden' } }, '{"p":1,"a":2}', '{"a":2}'],
  ])('%s', (_, shape, text, expected) => {
    expect(project(shape, text)).toBe(expected)
  })

  it('follows components round in a circle', () => {
    const Node: JsonShape = { properties: { a: 'plain', next: { is: 'Node' }, all: { items: { is: 'Node' } } } }
    const text = '{"a":1,"x":1,"next":{"x":1,"next":{"a":2,"x":3}},"all":[{"x":1,"a":3}]}'
    expect(project({ is: 'Node' }, text, {}, [], { Node })).toBe('{"a":1,"next":{"next":{"a":2}},"all":[{"a":3}]}')
  })

  it('shows members to roles', () => {
    const shape: JsonShape = {
      properties: { a: 'plain', margin: { visibleTo: [['manager', 'owner']], value: 'plain' } },
    }
    expect(project(shape, '{"margin":1,"a":2}')).toBe('{"a":2}')
    expect(project(shape, '{"margin":1,"a":2}', {}, ['clerk'])).toBe('{"a":2}')
    expect(project(shape, '{"margin":1,"a":2,"x":3}', {}, ['owner'])).toBe('{"margin":1,"a":2}')
    expect(project(shape, '{"margin":1,"a":2,"x":3}', { undeclared: 'pass' })).toBe('{"a":2,"x":3}')
  })

  it.each([
    '',
    ' ',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{,}',
    '[1,]',
    '[',
    '1 2',
    '{"a":1}}',
    "{'a':1}",
    '{a:1}',
    '{"x":01}',
    '{"x":1.}',
    '{"x":-}',
    '{"x":1e}',
    '{"x":+1}',
    '{"x":nul}',
    '{"x":truE}',
    '{"x":"\\x"}',
    '{"x":"\\u12g4"}',
    '{"x":"\n"}',
    '{"x":"',
    '\u00a0{}',
    '{"a":NaN}',
    '{"x":[}]}',
    '{"a" 1}',
    '[1 2]',
    '{"\\q":1}',
  ])('refuses %j', (text) => {
    expect(() => project(two, text)).toThrow(expect.objectContaining({ name: 'MalformedJson' }))
    expect(() => project('any', text)).toThrow(expect.objectContaining({ name: 'MalformedJson' }))
    expect(() => project(two, `{"a":[${text}`)).toThrow(expect.objectContaining({ name: 'MalformedJson' }))
  })

  it('refuses bytes that are no UTF-8, and depth without end', () => {
    const projector = new Projector(jsonShapes({}), { undeclared: 'strip', depth: 100 })
    const run = (bytes: Buffer) => projector.project(bytes, projector.root(two), [], () => undefined)
    expect(() => run(Buffer.from([0x22, 0xff, 0x22]))).toThrow('UTF-8')
    for (const open of ['[', '{"a":', '{"x":', '[{"x":'])
      expect(() => run(Buffer.from(open.repeat(100_000)))).toThrow('depth')
  })

  it('refuses what is not declared where it is told to', () => {
    expect(() => project(two, '{"a":1,"x":2}', { undeclared: 'block' })).toThrow('undeclared')
    expect(project(two, '{"a":1}', { undeclared: 'block' })).toBe('{"a":1}')
  })
})

const accepts =
  (test: (value: Record<string, unknown>) => boolean): Validator =>
  (value) =>
    test(value as Record<string, unknown>)

describe('alternatives', () => {
  const cat: JsonShape = { properties: { kind: 'plain', lives: 'plain' } }
  const dog: JsonShape = { properties: { kind: 'plain', tricks: { items: { properties: { name: 'plain' } } } } }
  const byKind: JsonShape = {
    properties: { id: 'plain' },
    choices: [
      {
        by: 'kind',
        of: [
          { words: ['cat'], value: cat },
          { words: ['dog'], value: dog },
        ],
      },
    ],
  }

  it.each([
    ['{"id":1,"kind":"cat","lives":9,"tricks":[]}', '{"id":1,"kind":"cat","lives":9}'],
    ['{"lives":9,"tricks":[{"name":1,"x":2}],"kind":"dog"}', '{"tricks":[{"name":1}],"kind":"dog"}'],
    ['{"id":1,"kind":"bird","lives":9}', '{"id":1}'],
    ['{"id":1,"lives":9}', '{"id":1}'],
    ['[{"kind":"cat","lives":1}]', '[{}]'],
  ])('by discriminator: %s', (text, expected) => expect(project(byKind, text)).toBe(expected))

  it('refuses a discriminator that is given twice', () => {
    expect(() => project(byKind, '{"kind":"cat","kind":"dog"}')).toThrow('twice')
    expect(() => project(byKind, '{"kind":"cat","k\\u0069nd":"dog"}')).toThrow('twice')
  })

  const isCat = accepts(({ lives }) => typeof lives === 'number')
  const isDog = accepts(({ tricks }) => Array.isArray(tricks))
  const byMatch: JsonShape = {
    choices: [
      {
        of: [
          { when: isCat, value: cat },
          { when: isDog, value: dog },
        ],
      },
    ],
  }

  it.each([
    ['{"kind":1,"lives":9,"tricks":0,"x":1}', '{"kind":1,"lives":9}'],
    ['{"kind":1,"lives":"9","tricks":[]}', '{"kind":1,"tricks":[]}'],
    ['{"kind":1,"lives":9,"tricks":[]}', '{"kind":1,"lives":9,"tricks":[]}'],
    ['{"kind":1}', '{}'],
  ])('by what they accept: %s', (text, expected) => expect(project(byMatch, text)).toBe(expected))

  it('looks behind what is to be removed, where closed alternatives refuse the value for it', () => {
    const closed = (of: Validator, ...names: string[]): Validator =>
      accepts((value) => of(value) && Object.keys(value).every((name) => names.includes(name)))
    const shape: JsonShape = {
      choices: [
        {
          of: [
            { when: closed(isCat, 'kind', 'lives'), value: cat },
            { when: closed(isDog, 'kind', 'tricks'), value: dog },
          ],
        },
      ],
    }
    expect(project(shape, '{"kind":1,"lives":9,"x":1}')).toBe('{"kind":1,"lives":9}')
    // Both would accept their part of it: nothing tells which it is.
    expect(project(shape, '{"kind":1,"lives":9,"tricks":[]}')).toBe('{}')
  })

  it('hides what any alternative hides, where nothing else is removed', () => {
    const shape: JsonShape = {
      choices: [{ by: 'kind', of: [{ words: ['a'], value: { properties: { p: 'hidden' } } }] }],
    }
    expect(project(shape, '{"kind":"b","p":1,"x":2}', { undeclared: 'pass' })).toBe('{"kind":"b","x":2}')
  })
})

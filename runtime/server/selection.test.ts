import { expect, test } from 'vitest'
import { operation } from '../core/operation.ts'
import { type Condition, selection } from './selection.ts'

const upstream = { handler: () => () => ({ status: 200, headers: [], body: null }) }
const made = (id: string) => operation({ id, method: 'GET', path: '/a', upstream, policies: [] })
const query = (name: string, value?: string): Condition => ({
  in: 'query',
  name,
  ...(value === undefined ? {} : { value }),
})

const choices = [
  { when: [], operation: made('rest') },
  { when: [query('acl')], operation: made('acl') },
  { when: [query('m', 'list')], operation: made('list') },
  { when: [query('m', 'list'), query('v', '2')], operation: made('list2') },
  { when: [query('m', 'a b')], operation: made('spaced') },
  { when: [{ in: 'header', name: 'x-copy' }] as const, operation: made('copy') },
]

test.each([
  ['', [], 'rest'],
  ['m=other', [], 'rest'],
  ['acl', [], 'acl'],
  ['acl=', [], 'acl'],
  ['m=list', [], 'list'],
  ['%6D=lis%74', [], 'list'],
  ['v=2&m=list', [], 'list2'],
  ['v=3&m=list', [], 'list'],
  ['m=a+b', [], 'spaced'],
  ['', ['X-Copy', '1'], 'copy'],
  // What reads one way here and another way there is nobody's.
  ['m=list&m=other', [], undefined],
  ['m=other&%6d=list', [], undefined],
])('%s %j means %s', (text, headers, id) => {
  expect(selection(choices).choose!(text, headers)?.id).toBe(id)
})

test('where nothing takes what is left, nothing is meant', () => {
  const strict = selection(choices.slice(1))
  expect(strict.choose!('m=other', [])).toBeUndefined()
  expect(strict.among?.map(({ id }) => id)).toEqual(['acl', 'list', 'list2', 'spaced', 'copy'])
})

test('hundreds of operations are told apart', () => {
  const many = selection(
    Array.from({ length: 600 }, (_, index) => ({ when: [query('Action', `A${index}`)], operation: made(`a${index}`) })),
  )
  expect(many.choose!('Version=1&Action=A599', [])?.id).toBe('a599')
  expect(many.choose!('Action=B', [])).toBeUndefined()
})

import { expect, test } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import type { AnyPolicy } from '../policies/define.ts'
import { withProxyAnswers } from './proxy-answers.ts'

const policy = (name: string, answers: Record<number, string>): AnyPolicy => ({
  name,
  summary: '',
  levels: ['document'],
  options: null,
  instance: 'shared',
  answers,
  lower: () => undefined as never,
})

const policies = [policy('who', { 401: 'Unknown caller' }), policy('shape', { 400: 'Bad', 401: 'Never first' })]

const document: JsonObject = {
  paths: {
    '/a': {
      summary: 's',
      get: { responses: { '200': { description: 'd' } } },
      post: { responses: { '4XX': { description: 'd' } } },
    },
  },
  components: { schemas: { Problem: { type: 'string' } } },
}

test('adds the problems of the policies that stand before an operation, where nothing is declared for the status', () => {
  const added = withProxyAnswers(document, policies, () => ['who', 'shape']) as never as {
    paths: { '/a': { get: { responses: Record<string, { description: string }> }; post: { responses: object } } }
    components: { schemas: object }
  }
  expect(added.paths['/a'].get.responses['401']!.description).toBe('Unknown caller')
  expect(Object.keys(added.paths['/a'].get.responses)).toEqual(['200', '400', '401'])
  expect(Object.keys(added.paths['/a'].post.responses)).toEqual(['4XX'])
  expect(Object.keys(added.components.schemas)).toEqual(['Problem', 'ProxyProblem'])
})

test('leaves a document alone that gets nothing', () => {
  expect(withProxyAnswers(document, policies, () => [])).toBe(document)
})

test('sees additional operations', () => {
  const written = { paths: { '/a': { additionalOperations: { COPY: { responses: {} } } } } }
  const asked: string[] = []
  const added = withProxyAnswers(written, policies, (path, method) => {
    asked.push(`${method} ${path}`)
    return ['who']
  })
  expect(asked).toEqual(['COPY /a'])
  expect(added).toMatchObject({ paths: { '/a': { additionalOperations: { COPY: { responses: { '401': {} } } } } } })
})

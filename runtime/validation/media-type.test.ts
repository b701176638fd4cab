import { describe, expect, it } from 'vitest'
import { MediaTypes, parseMediaType } from './media-type.ts'

describe('parseMediaType', () => {
  it.each([
    ['application/json', 'application/json', {}],
    ['Application/JSON; Charset="UTF-8"', 'application/json', { charset: 'UTF-8' }],
    ['multipart/form-data; boundary="a;b\\"c"', 'multipart/form-data', { boundary: 'a;b"c' }],
    ['text/plain;;', 'text/plain', {}],
  ])('%s', (text, type, parameters) => {
    const media = parseMediaType(text)
    expect(media?.type).toBe(type)
    expect(Object.fromEntries(media!.parameters)).toEqual(parameters)
  })

  it.each(['', 'json', 'a/', '/b', 'a/b/c', 'a b/c', 'a/b; c', 'a/b; c="', 'a/b, c/d'])('%j is none', (text) => {
    expect(parseMediaType(text)).toBeUndefined()
  })
})

describe('MediaTypes', () => {
  const types = new MediaTypes({
    '*/*': 'any',
    'text/*': 'text',
    'text/plain': 'plain',
    'a/b;v=1': 'one',
    'a/b': 'plain b',
  })

  it.each([
    ['text/plain; charset=utf-8', 'plain'],
    ['TEXT/csv', 'text'],
    ['image/png', 'any'],
    ['a/b; v=1', 'one'],
    ['a/b; v=2', 'plain b'],
  ])('%s is judged as %s', (text, expected) => {
    expect(types.match(text)?.value).toBe(expected)
    expect(types.match(text)?.value).toBe(expected)
  })

  it('knows nothing of what is not declared', () => {
    const json = new MediaTypes({ 'application/json': 1 })
    expect(json.match('application/problem+json')).toBeUndefined()
    expect(json.match('application/jsonx')).toBeUndefined()
    expect(json.match('nonsense')).toBeUndefined()
  })
})

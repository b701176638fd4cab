import { describe, expect, it } from 'vitest'
import { formBody, multipartBody } from './body-readers.ts'
import { parseMultipart } from './multipart.ts'
import { string } from './scalars.ts'

const parse = (text: string, boundary = 'b') =>
  parseMultipart(Buffer.from(text), boundary, 3)?.map(({ name, mediaType, content }) => [
    name,
    mediaType,
    content.toString(),
  ])

const part = (name: string, content: string, more = '') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`

describe('parseMultipart', () => {
  it('reads names, media types and contents', () => {
    const text = `${part('a', '1')}${part('b"%22'.replace('"', ''), 'x\r\n--c\r\n', '; filename="f;name=z"\r\ncontent-type: Image/PNG; q=1')}--b--\r\nepilogue`
    expect(parse(text)).toEqual([
      ['a', 'text/plain', '1'],
      ['b"', 'image/png', 'x\r\n--c\r\n'],
    ])
    expect(parse('--b--')).toEqual([])
  })

  it.each([
    ['nothing', ''],
    ['another boundary', '--c\r\n\r\n--c--'],
    ['a preamble', `x\r\n${part('a', '1')}--b--`],
    ['no end', part('a', '1')],
    ['bare line feeds', '--b\nContent-Disposition: form-data; name="a"\n\n1\n--b--'],
    ['no name', '--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--'],
    ['no disposition', '--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--'],
    ['two dispositions', `--b\r\nContent-Disposition: form-data; name="a"\r\n${part('a', '1').slice(5)}--b--`],
    ['an attachment', '--b\r\nContent-Disposition: attachment; name="a"\r\n\r\n1\r\n--b--'],
    ['a broken field', '--b\r\nnonsense\r\n\r\n1\r\n--b--'],
    ['too many parts', `${part('a', '1').repeat(4)}--b--`],
  ])('refuses %s', (_, text) => {
    expect(parse(text)).toBeUndefined()
  })
})

describe('multipartBody', () => {
  it('takes undeclared parts out of what is forwarded', () => {
    const read = multipartBody({ fields: [{ name: 'a' }] }, 'strip')
    const media = { type: 'multipart/form-data', parameters: new Map([['boundary', 'b']]) }
    const text = `${part('x', '0')}${part('a', '1')}${part('y', '2')}--b--\r\n`
    const body = read(Buffer.from(text), media, { depth: 1, items: 1 })
    expect(body).toMatchObject({ value: { a: '1' } })
    expect('stripped' in body && body.stripped?.toString()).toBe(`${part('a', '1')}--b--\r\n`)
  })
})

describe('formBody', () => {
  it('takes any field where the contract says nothing of fields', () => {
    const read = formBody({ fields: [], otherFields: string }, 'reject')
    const media = { type: 'application/x-www-form-urlencoded', parameters: new Map<string, string>() }
    expect(read(Buffer.from('a=1&b'), media, { depth: 1, items: 1 })).toEqual({ value: { a: '1', b: '' }, faults: [] })
  })
})

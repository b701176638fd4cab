import { describe, expect, it } from 'vitest'
import { formBody, multipartBody } from './body-readers.ts'
import { parseMediaType } from './media-type.ts'
import { boundaryOf, parseMultipart } from './multipart.ts'
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
    const text = `${part('a', '1')}${part('b"%22'.replace('"', ''), 'x\r\n--c\r\n', '; filename="f;x=\\"z"; filename*=UTF-8\'\'f\r\ncontent-type: Image/PNG; q=1')}--b--\r\nepilogue`
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
    [
      'a line feed in a head',
      '--b\r\nContent-Disposition: form-data; name="a"\r\nx: y\ncontent-type: z\r\n\r\n1\r\n--b--',
    ],
    ['a folded field', '--b\r\nContent-Disposition: form-data; name="a"\r\n ; name="b:"\r\n\r\n1\r\n--b--'],
    ['space before a colon', '--b\r\nContent-Disposition : form-data; name="a"\r\n\r\n1\r\n--b--'],
    ['a nameless disposition first', `--b\r\nContent-Disposition: form-data\r\n${part('a', '1').slice(5)}--b--`],
    ['two names', `${part('a', '1', '; name="b"')}--b--`],
    ['an extended name', `${part('a', '1', "; name*=UTF-8''b")}--b--`],
    ['a name in a file name', `${part('a', '1', '; filename="f; name=b"')}--b--`],
    ['a name with a backslash', `${part('a\\b', '1')}--b--`],
    ['a coded part', `${part('a', '1', '\r\nContent-Transfer-Encoding: base64')}--b--`],
    ['a delimiter after a line feed', `${part('a', '1\n--b\n')}--b--`],
    ['a delimiter after a carriage return', `${part('a', '1\r--b\r')}--b--`],
    ['a delimiter that goes on', `${part('a', '1\r\n--bb')}--b--`],
    ['a last delimiter that goes on', `${part('a', '1')}--b--x`],
    ['half a line break at the end', `${part('a', '1')}--b--\r`],
    ['parts after the last', `${part('a', '1')}--b--\r\n${part('b', '2')}--b--`],
    ['too many parts', `${part('a', '1').repeat(4)}--b--`],
  ])('refuses %s', (_, text) => {
    expect(parse(text)).toBeUndefined()
  })
})

describe('boundaryOf', () => {
  const found = (parameters: string) => boundaryOf(parseMediaType(`multipart/form-data; ${parameters}`)!)

  it.each(['b', "a'()+_,-./:=?0 b", 'x'.repeat(70)])('finds %s', (boundary) => {
    expect(found(`charset=utf-8; boundary="${boundary}"`)).toBe(boundary)
  })

  it.each([
    ['none', 'charset=utf-8'],
    ['nothing', 'boundary=""'],
    ['too much', `boundary=${'x'.repeat(71)}`],
    ['a space at its end', 'boundary="b "'],
    ['a quoted pair', 'boundary="\\b"'],
    ['a continuation', "boundary=b; boundary*=UTF-8''c"],
    ['another before it', 'xboundary=c; boundary=b'],
    ['one inside of another parameter', 'x="boundary=c"; boundary=b'],
  ])('refuses %s', (_, parameters) => {
    expect(found(parameters)).toBeUndefined()
  })
})

describe('multipartBody', () => {
  it('reads text of no charset but UTF-8', () => {
    const read = multipartBody({ fields: [{ name: 'a' }] }, 'reject')
    const media = { type: 'multipart/form-data', parameters: new Map([['boundary', 'b']]) }
    const body = read(Buffer.from(`${part('a', '1', '\r\nContent-Type: text/plain; charset=utf-7')}--b--`), media, {
      depth: 1,
      items: 1,
    })
    expect(body).toMatchObject({ faults: [{ pointer: '/a', keyword: 'encoding' }] })
  })

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

import { describe, expect, it, test } from 'vitest'
import { sortFields } from './request-fields.ts'

const sort = (...raw: string[]) => sortFields(raw, 16_384)

describe('sortFields', () => {
  it('keeps order, case and repetition of what goes on', () => {
    const { fields } = sort('Host', 'h', 'X-B', '1', 'x-a', '2', 'X-B', '3', 'Cookie', 'a=1', 'cookie', 'b=2')
    expect(fields).toEqual(['X-B', '1', 'x-a', '2', 'X-B', '3', 'Cookie', 'a=1', 'cookie', 'b=2'])
  })

  it('takes off what is for one hop only', () => {
    const { fields, connection } = sort(
      ...['Connection', 'close, X-Secret', 'connection', 'Authorization', 'X-Secret', 's', 'authorization', 't'],
      ...['Keep-Alive', '1', 'TE', 'trailers', 'Trailer', 'x', 'Upgrade', 'h2c', 'Proxy-Connection', 'keep-alive'],
      ...['Proxy-Authorization', 'Basic x', 'X-Kept', '1'],
    )
    expect(fields).toEqual(['X-Kept', '1'])
    expect(connection).toBe('close, x-secret, authorization')
  })

  it('hands what proxies say of the client to those who judge it', () => {
    const sorted = sort(
      'X-Forwarded-For',
      '1.1.1.1',
      'x-forwarded-for',
      '2.2.2.2',
      'Forwarded',
      'for=x',
      'X-Request-Id',
      'r',
    )
    expect(sorted).toMatchObject({ fields: [], forwardedFor: '1.1.1.1, 2.2.2.2', forwarded: 'for=x', requestId: 'r' })
  })

  it('keeps apart what only a trusted proxy may say, and drops what is spelt like it', () => {
    const sorted = sort(
      ...['X-Forwarded-Port', '1', 'X_Forwarded_Port', '2', 'x-forwarded_for', '3', 'X_Request_Id', '4'],
      ...['Connection', 'x-forwarded-user', 'X-Forwarded-User', '6', 'X-Forwarder', '7', 'Y-Forwarded-For', '8'],
    )
    expect(sorted).toMatchObject({ forwardedFor: undefined, requestId: undefined })
    expect(sorted.claims).toEqual(['X-Forwarded-Port', '1'])
    expect(sorted.fields).toEqual(['X-Forwarder', '7', 'Y-Forwarded-For', '8'])
  })

  it('takes several expectations for one list', () => {
    expect(sort('Expect', 'tea', 'Expect', '100-continue').expect).toBe('tea, 100-continue')
  })

  test.each([
    ['two hosts', ['Host', 'a', 'host', 'a']],
    ['two lengths', ['Content-Length', '1', 'Content-Length', '1']],
    ['a list of lengths', ['Content-Length', '1, 1']],
    ['a signed length', ['Content-Length', '+1']],
    ['an empty length', ['Content-Length', '']],
    ['a length with a leading zero', ['Content-Length', '010']],
    ['a length past all numbers', ['Content-Length', '99999999999999999999']],
    ['a length and chunks', ['Content-Length', '1', 'Transfer-Encoding', 'chunked']],
    ['two codings', ['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked']],
    ['a disguised length', ['Content_Length', '1']],
    ['a disguised coding', ['Transfer_Encoding', 'chunked']],
    ['two types', ['Content-Type', 'text/plain', 'content-type', 'application/json']],
  ])('refuses %s', (_, raw) => {
    expect(() => sort(...raw)).toThrowError('Bad Request')
  })

  it('knows no coding but chunked', () => {
    expect(sort('Transfer-Encoding', 'Chunked').isChunked).toBe(true)
    expect(() => sort('Transfer-Encoding', 'gzip, chunked')).toThrowError('Not Implemented')
  })

  it('bounds the whole block', () => {
    expect(() => sortFields(['X-A', 'a'.repeat(100)], 100)).toThrowError('Request Header Fields Too Large')
  })
})

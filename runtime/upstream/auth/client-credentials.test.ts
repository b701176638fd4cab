import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { type Issuer, startIssuer } from '../../../test/support/issuer.ts'
import type { Answer } from '../../core/answer.ts'
import { fieldValue } from '../../core/headers.ts'
import type { Notice } from '../../core/notice.ts'
import { Rejection } from '../../core/rejection.ts'
import { type ClientCredentialsOptions, clientCredentials } from './client-credentials.ts'

let issuer: Issuer
let issued = 0
let forms: Record<string, string>[] = []
const minute = 60_000

beforeAll(async () => {
  issuer = await startIssuer()
})
afterAll(() => issuer.close())
beforeEach(() => {
  issued = 0
  forms = []
  issuer.failsWith = undefined
  issuer.grant = (form) => {
    forms.push(Object.fromEntries(form))
    return { body: { access_token: `t${++issued}`, token_type: 'bearer', expires_in: 600 } }
  }
})

/** A credential with a clock of its own, and an upstream that accepts what `accepts` says. */
function made(options: Partial<ClientCredentialsOptions> = {}, accepts: (token: string) => boolean = () => true) {
  const clock = { now: 0 }
  const notices: Notice[] = []
  const sent: string[] = []
  const auth = clientCredentials(
    { tokenUrl: `${issuer.url}/token`, clientId: 'shop', clientSecret: 's/1:2', ...options },
    { now: () => clock.now, notice: (notice) => notices.push(notice) },
  )
  const next = auth.wrap(async (_, { headers }): Promise<Answer> => {
    const token = fieldValue(headers, 'authorization') ?? ''
    sent.push(token)
    return { status: accepts(token) ? 200 : 401, headers: [], body: null }
  }, undefined)
  const ask = async (method = 'GET'): Promise<number> => {
    const exchange = exchangeOf({ method, headers: ['authorization', 'Bearer callers', 'a', 'b'] })
    try {
      const { status } = await next(exchange)
      expect(exchange.headers).toEqual(['authorization', 'Bearer callers', 'a', 'b'])
      return status
    } catch (error) {
      if (!(error instanceof Rejection)) throw error
      if (error.kind !== 'upstream-refused') expect(Number(error.options.headers?.[1])).toBeGreaterThan(0)
      return error.status
    }
  }
  return { auth, ask, clock, notices, sent }
}

describe('clientCredentials', () => {
  it('asks once however many wait, and keeps the token', async () => {
    const { ask, sent } = made({ scopes: ['a', 'b'], audience: 'erp', resource: 'https://erp.example' })
    expect(await Promise.all(Array.from({ length: 20 }, () => ask()))).toEqual(Array(20).fill(200))
    expect(new Set(sent)).toEqual(new Set(['Bearer t1']))
    expect(forms).toEqual([
      { grant_type: 'client_credentials', scope: 'a b', audience: 'erp', resource: 'https://erp.example' },
    ])
    expect(issuer.lastAuthorization).toBe(`Basic ${Buffer.from('shop:s%2F1%3A2').toString('base64')}`)
  })

  it('shows the client in the body where that is asked for', async () => {
    const { ask } = made({ credentialsIn: 'body' })
    await ask()
    expect(forms).toEqual([{ grant_type: 'client_credentials', client_id: 'shop', client_secret: 's/1:2' }])
    expect(issuer.lastAuthorization).toBeUndefined()
  })

  it('renews ahead of the end, beside requests, and waits only past it', async () => {
    const { ask, clock, sent } = made()
    await ask()
    clock.now = 8.5 * minute
    await ask()
    await expect.poll(() => issued, { timeout: 10_000 }).toBe(2)
    await expect.poll(() => ask().then(() => sent.at(-1)), { timeout: 10_000 }).toBe('Bearer t2')
    expect(sent[1]).toBe('Bearer t1')
    clock.now = 30 * minute
    await ask()
    expect(sent.at(-1)).toBe('Bearer t3')
  })

  it('uses what it has while the server is away, says so once, and is 503 past the end', async () => {
    const { ask, clock, notices } = made()
    await ask()
    issuer.failsWith = 500
    clock.now = 9 * minute
    expect(await ask()).toBe(200)
    await expect.poll(() => notices.length, { timeout: 10_000 }).toBe(1)
    expect(await ask()).toBe(200)
    clock.now = 10 * minute
    expect(await ask()).toBe(503)
    issuer.failsWith = undefined
    expect(await ask()).toBe(503)
    clock.now += minute
    expect(await ask()).toBe(200)
    expect(notices.map(({ level }) => level)).toEqual(['error', 'info'])
    expect(JSON.stringify(notices)).not.toContain('s/1')
  })

  it.each<[string, { status?: number; body: unknown }, number]>([
    ['refuses the client', { status: 401, body: { error: 'invalid_client' } }, 502],
    ['is busy', { status: 429, body: {} }, 503],
    ['gives no token', { body: {} }, 502],
    ['gives a token that is no text', { body: { access_token: 1, token_type: 'bearer' } }, 502],
    ['gives a token with a line in it', { body: { access_token: 'a\r\nX: y', token_type: 'bearer' } }, 502],
    ['gives another type', { body: { access_token: 'a', token_type: 'DPoP' } }, 502],
    ['gives a bad lifetime', { body: { access_token: 'a', token_type: 'bearer', expires_in: -1 } }, 502],
    ['gives a list', { body: [] }, 502],
    ['gives seconds as text', { body: { access_token: 'a', token_type: 'Bearer', expires_in: '60' } }, 200],
    ['gives no lifetime', { body: { access_token: 'a', token_type: 'Bearer' } }, 200],
  ])('a server that %s', async (_, answer, status) => {
    issuer.grant = () => answer
    const { ask, sent } = made()
    expect(await ask()).toBe(status)
    expect(sent.length).toBe(status === 200 ? 1 : 0)
  })

  it('replaces a token that the upstream refuses, once, and sends again where that is safe', async () => {
    const { ask, sent } = made({}, (token) => token !== 'Bearer t1')
    expect(await ask()).toBe(200)
    expect(sent).toEqual(['Bearer t1', 'Bearer t2'])
    expect(await ask()).toBe(200)
    expect(issued).toBe(2)
  })

  it('does not send twice what must not be, but has a new token for what comes next', async () => {
    const { ask, sent } = made({}, (token) => token !== 'Bearer t1')
    expect(await ask('POST')).toBe(502)
    expect(sent).toEqual(['Bearer t1'])
    await expect.poll(() => issued, { timeout: 10_000 }).toBe(2)
    await expect.poll(() => ask('POST'), { timeout: 10_000 }).toBe(200)
  })

  it('does not ask for tokens again and again where the upstream refuses them all', async () => {
    const { ask, clock } = made({}, () => false)
    for (let i = 0; i < 5; i++) expect(await ask()).toBe(502)
    expect(issued).toBe(2)
    clock.now += minute
    await ask()
    expect(issued).toBe(3)
  })

  it.each<[Partial<ClientCredentialsOptions>, RegExp]>([
    [{ tokenUrl: 'http://id.example/token' }, /must begin with https/],
    [{ tokenUrl: 'nonsense' }, /no URL/],
    [{ clientSecret: '' }, /no id or no secret/],
  ])('does not start with %o', (options, fault) => {
    expect(made(options).auth.fault).toMatch(fault)
  })
})

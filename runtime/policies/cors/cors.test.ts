import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../../test/support/exchange-of.ts'
import { Cors, type CorsOptions } from '../../core/cors.ts'
import { cors } from './cors.ts'

const options: CorsOptions = {
  origins: ['https://app.example', 'https://*.pages.example', 'http://localhost:*'],
  headers: ['Authorization', 'X-Api-Key'],
  expose: ['X-Total'],
  credentials: true,
  maxAge: 600,
}

describe('cors', () => {
  it.each([
    ['https://app.example', true],
    ['https://a.pages.example', true],
    ['http://localhost:5173', true],
    ['https://app.example.evil.example', false],
    ['https://evil-app.example', false],
    ['http://app.example', false],
    ['https://app.example:444', false],
    ['https://a.b.pages.example', false],
    ['https://pages.example', false],
    ['https://.pages.example', false],
    ['https://evil.example/.pages.example', false],
    ['https://evil.example#.pages.example', false],
    ['https://*.pages.example', false],
    ['http://localhost:*', false],
    ['http://localhost', false],
    ['HTTPS://APP.EXAMPLE', false],
    ['null', false],
    ['', false],
  ])('%s: %s', (origin, allowed) => {
    const fields = new Cors(options).fieldsFor(origin)
    expect(fields).toEqual(
      allowed
        ? [
            'Access-Control-Allow-Origin',
            origin,
            'Access-Control-Allow-Credentials',
            'true',
            'Access-Control-Expose-Headers',
            'X-Total',
            'Vary',
            'Origin',
          ]
        : ['Vary', 'Origin'],
    )
  })

  it('anybody is the same for everybody', () => {
    const rules = new Cors({ ...options, origins: ['*'], credentials: false })
    for (const origin of ['https://x.example', undefined]) {
      expect(rules.fieldsFor(origin)).toEqual([
        'Access-Control-Allow-Origin',
        '*',
        'Access-Control-Expose-Headers',
        'X-Total',
      ])
    }
  })

  it('grants a preflight whole or not at all', () => {
    const rules = new Cors({ ...options, methods: ['PUT'] })
    const vary = ['Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers']
    expect(rules.preflight('https://app.example', 'PUT', 'authorization, x-api-key').headers).toEqual([
      ...['Access-Control-Allow-Origin', 'https://app.example', 'Access-Control-Allow-Credentials', 'true'],
      ...['Access-Control-Allow-Methods', 'PUT', 'Access-Control-Allow-Headers', 'Authorization, X-Api-Key'],
      ...['Access-Control-Max-Age', '600', ...vary],
    ])
    expect(rules.preflight('https://app.example', 'DELETE', undefined).headers).toEqual(vary)
    expect(rules.preflight('https://app.example', 'PUT', 'x-other').headers).toEqual(vary)
    expect(rules.preflight('https://evil.example', 'PUT', undefined).headers).toEqual(vary)
  })

  it("takes the place of the upstream's word", async () => {
    const upstream = {
      status: 200,
      headers: ['Access-Control-Allow-Origin', '*', 'A', 'b', 'access-control-expose-headers', '*'],
      body: null,
    }
    const exchange = exchangeOf({ headers: ['Origin', 'https://app.example'] })
    const answer = await cors(options)(() => Promise.resolve(upstream))(exchange)
    expect(answer.headers).toEqual(['A', 'b'])
    expect(exchange.replyFields).toContain('https://app.example')
    expect(upstream.headers).toHaveLength(6)
  })

  it('two origins are none', async () => {
    const exchange = exchangeOf({ headers: ['Origin', 'https://app.example', 'Origin', 'https://app.example'] })
    await cors(options)(() => ({ status: 200, headers: [], body: null }))(exchange)
    expect(exchange.replyFields).toEqual(['Vary', 'Origin'])
  })
})

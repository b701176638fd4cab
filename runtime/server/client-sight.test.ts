import type { Socket } from 'node:net'
import { describe, expect, it, test } from 'vitest'
import type { ClientConnection } from './client-connection.ts'
import { addressRange, clientSight } from './client-sight.ts'
import { sortFields } from './request-fields.ts'

const from = (remoteAddress: string) => ({ socket: { remoteAddress } as Socket, client: undefined }) as ClientConnection
const look = (peer: string, trusted: string[], ...raw: string[]) =>
  clientSight(trusted.map(addressRange))(from(peer), sortFields(raw, 9_999), 'api.example')

describe('clientSight', () => {
  it('believes nobody by default, and overwrites what was said', () => {
    const client = look(
      '203.0.113.7',
      [],
      'X-Forwarded-For',
      '6.6.6.6',
      'X-Forwarded-Host',
      'evil',
      'Forwarded',
      'for=6.6.6.6',
    )
    expect(client).toMatchObject({ address: '203.0.113.7', secure: false, host: 'api.example', isBehindTrusted: false })
    expect(client.fields).toEqual([
      ...['X-Forwarded-For', '203.0.113.7', 'X-Forwarded-Proto', 'http'],
      ...['Forwarded', 'for=203.0.113.7;host="api.example";proto=http', 'X-Forwarded-Host', 'api.example'],
    ])
  })

  it('takes the right-most address that is not a proxy of ours', () => {
    const client = look(
      '10.0.0.1',
      ['10.0.0.0/8'],
      'X-Forwarded-For',
      '6.6.6.6, 198.51.100.9, 10.0.0.2',
      'X-Forwarded-Proto',
      'https',
    )
    expect(client).toMatchObject({ address: '198.51.100.9', secure: true, isBehindTrusted: true })
    expect(client.fields.slice(0, 4)).toEqual([
      ...['X-Forwarded-For', '6.6.6.6, 198.51.100.9, 10.0.0.2, 10.0.0.1', 'X-Forwarded-Proto', 'https'],
    ])
  })

  it('reads Forwarded as well, brackets, quotes and ports included', () => {
    const forwarded = 'for="[2001:db8::1]:4711";host="shop.example";proto=https, for=10.1.2.3:80'
    const client = look('10.0.0.1', ['10.0.0.0/8'], 'Forwarded', forwarded)
    expect(client.address).toBe('2001:db8::1')
    expect(client.fields).toContain(`${forwarded}, for=10.0.0.1;host="api.example";proto=http`)
  })

  test.each([
    ['::ffff:10.0.0.1', ['10.0.0.0/8'], '198.51.100.9'],
    ['::1', ['::1'], '198.51.100.9'],
    ['fd00::5', ['fd00::/8'], '198.51.100.9'],
    ['11.0.0.1', ['10.0.0.0/8'], '11.0.0.1'],
  ])('from %s, trusting %j: %s', (peer, trusted, address) => {
    expect(look(peer, trusted, 'X-Forwarded-For', '198.51.100.9').address).toBe(address)
  })

  it.each([
    ['::ffff:c633:6409', '198.51.100.9'],
    ['[2001:0DB8:0:0::1]:443', '2001:db8::1'],
  ])('spells %s as everybody does', (told, address) => {
    expect(look('10.0.0.1', ['10.0.0.0/8'], 'X-Forwarded-For', told).address).toBe(address)
  })

  it('does not take names, rubbish or injections for an address or a host', () => {
    expect(look('10.0.0.1', ['10.0.0.1'], 'X-Forwarded-For', '1.2.3.4, unknown').address).toBe('10.0.0.1')
    expect(look('10.0.0.1', ['10.0.0.1'], 'X-Forwarded-Host', 'a"b').host).toBe('api.example')
    expect(look('10.0.0.1', ['10.0.0.1'], 'X-Forwarded-For', 'a"; drop').fields.join()).toContain('for=unknown')
  })

  it('refuses what is no address range', () => {
    expect(() => addressRange('10.0.0.0/99')).toThrow()
    expect(() => addressRange('proxy.example')).toThrow()
  })
})

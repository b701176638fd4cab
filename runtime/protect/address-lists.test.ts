import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressLists } from './address-lists.ts'

describe('addressLists', () => {
  it.each<[string[], string[], string, 'blocked' | 'allowed' | undefined]>([
    [[], ['192.0.2.0/24'], '192.0.2.200', 'blocked'],
    [[], ['192.0.2.0/24'], '192.0.3.1', undefined],
    [[], ['192.0.2.0/24'], '::ffff:192.0.2.7', 'blocked'],
    [[], ['::ffff:192.0.2.0/120'], '192.0.2.7', 'blocked'],
    [[], ['2001:db8::/32'], '2001:db8:1::1', 'blocked'],
    [[], ['2001:db8::/33'], '2001:db8:8000::1', undefined],
    [[], ['0.0.0.0/0'], '2001:db8::1', undefined],
    [[], ['0.0.0.0/0'], '198.51.100.1', 'blocked'],
    [['10.0.0.0/8'], [], '10.1.2.3', 'allowed'],
    [['10.0.0.0/8'], [], '192.0.2.1', 'blocked'],
    [['10.0.0.0/8'], ['10.1.0.0/16'], '10.1.2.3', 'blocked'],
    [['10.1.2.3'], ['10.0.0.0/8'], '10.1.2.3', 'allowed'],
    [['10.0.0.0/8'], [], 'unknown', 'blocked'],
    [[], ['10.0.0.0/8'], 'unknown', undefined],
  ])('allow %j, block %j: %s', (allow, block, address, expected) => {
    const judge = addressLists({ allow, block })
    expect([judge(address), judge(address)]).toEqual([expected, expected])
  })

  it('agrees with Node about every block', () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(3), fc.nat(3))
    const block = fc.tuple(octets, fc.integer({ min: 1, max: 32 }))
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), octets, (blocks, address) => {
        const known = new BlockList()
        for (const [base, bits] of blocks) known.addSubnet(base.join('.'), bits, 'ipv4')
        const judge = addressLists({ allow: [], block: blocks.map(([base, bits]) => `${base.join('.')}/${bits}`) })
        expect(judge(address.join('.')) === 'blocked').toBe(known.check(address.join('.'), 'ipv4'))
      }),
    )
  })
})

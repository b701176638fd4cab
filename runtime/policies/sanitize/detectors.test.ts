import { describe, expect, it } from 'vitest'
import { Detection } from './detection.ts'
import { type DetectorName, detectors } from './detectors.ts'

const found = (name: DetectorName, text: string) => detectors[name](text).map(([from, to]) => text.slice(from, to))
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'
const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----'

describe('detectors', () => {
  it.each<[DetectorName, string, string[]]>([
    ['card', 'pay 4111 1111 1111 1111!', ['4111 1111 1111 1111']],
    ['card', 'pay 4111\u00a01111\u20111111\u202f1111', ['4111\u00a01111\u20111111\u202f1111']],
    ['card', '5500-0000-0000-0004 and 378282246310005', ['5500-0000-0000-0004', '378282246310005']],
    ['card', '4111111111111112 41111111111111111111111 1111111111111117', []],
    ['jwt', `Bearer ${jwt}, x`, [jwt]],
    ['jwt', `v1.${jwt}`, [jwt]],
    ['jwt', 'eyJ.a.b eyJhbGciOiJIUzI1NiJ9.x', []],
    ['private-key', `a ${pem} b`, [pem]],
    ['private-key', '-----BEGIN OPENSSH PRIVATE KEY-----\nabc', ['-----BEGIN OPENSSH PRIVATE KEY-----\nabc']],
    ['private-key', '-----BEGIN PUBLIC KEY-----', []],
    ['email', 'Ann <ann.b+c@mail.example.com>, d@e.fr.', ['ann.b+c@mail.example.com', 'd@e.fr']],
    ['email', '@a a@b a@b.c @@ jürgen@müller.de', ['jürgen@müller.de']],
    [
      'iban',
      'DE89 3704 0044 0532 0130 00, GB82WEST12345698765432',
      ['DE89 3704 0044 0532 0130 00', 'GB82WEST12345698765432'],
    ],
    [
      'iban',
      'DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000',
      ['DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000'],
    ],
    ['iban', 'DE89 3704 0044 0532 0130 01 XX12 DE8937040044', []],
  ])('%s in %s', (name, text, expected) => expect(found(name, text)).toEqual(expected))

  it.each([
    'a',
    '@',
    'a@',
    '1',
    '4 ',
    '4-',
    '4111 ',
    'eyJ',
    'eyJ.',
    'eyJhbGciOiJI.',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    'DE89',
    'DE89 ',
    'a.b@c.',
  ])('reads a million characters of %j at once', (part) => {
    const text = part.repeat(Math.ceil(1_000_000 / part.length))
    for (const find of Object.values(detectors)) expect(() => find(text)).not.toThrow()
  })

  it('looks for patterns in windows that overlap', () => {
    const detection = new Detection({ own: { pattern: 'SECRET-\\d{3}', flags: 'u' } }, 'mask')
    const text = `${'a'.repeat(16 * 1024 - 4)}SECRET-123${'b'.repeat(20_000)}SECRET-456`
    expect(detection.look(text)).toEqual({ text: `${'a'.repeat(16 * 1024 - 4)}***${'b'.repeat(20_000)}***` })
  })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as dates from './date-formats.ts'
import * as nets from './net-formats.ts'
import * as numbers from './number-formats.ts'
import * as texts from './text-formats.ts'
import * as uris from './uri-formats.ts'

const formats: Readonly<Record<string, (value: never) => boolean>> = {
  ...dates,
  ...nets,
  ...numbers,
  ...texts,
  ...uris,
}
const judge = (name: string, value: unknown): boolean => formats[name]!(value as never)

describe('formats', () => {
  // No time is asserted: the runner's limit is.
  it('takes no text of a mebibyte long to judge', () => {
    for (const name of Object.keys(formats).filter((one) => !Object.hasOwn(numbers, one))) {
      for (const part of ['a', '1', '=', '~0', '%41', 'a.', '{a,', '(?<a>', '\\p{L}', ':', 'a*\n']) {
        const text = part.repeat((1 << 20) / part.length)
        for (const whole of [text, `{${text}}`, `[${text}]`, `http://${text}!`]) {
          expect(typeof judge(name, whole)).toBe('boolean')
        }
      }
    }
  })

  it.each([
    ['date', ['2024-02-29', '1999-12-31'], ['2023-02-29', '2024-13-01', '2024-1-01', '24-01-01', '2024-01-01 ']],
    [
      'dateTime',
      ['2024-02-29T23:59:59.999Z', '1990-12-31T23:59:60Z', '1990-12-31t15:59:60-08:00', '2024-02-29T23:59:59-0830'],
      ['2024-02-29', '2024-02-29T24:00:00Z', '2024-02-29T10:00:00', '1990-12-31T22:59:60Z', '2024-02-29T23:59:59+08'],
    ],
    ['dateTimeLocal', ['2024-02-29T23:59:59'], ['2024-02-29T23:59:59Z']],
    ['timeLocal', ['23:59:59.5'], ['23:59', '24:00:00']],
    [
      'httpDate',
      ['Sun, 06 Nov 1994 08:49:37 GMT'],
      ['Sun, 31 Feb 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT'],
    ],
    ['duration', ['P4DT12H30M5S', 'P1Y', 'PT36H', 'P1W'], ['P', 'PT', 'P1YT', 'P2D1Y', 'P1Y2W', 'PT1D', '1Y']],
    [
      'uuid',
      ['2EB8AA08-aa98-11ea-b4aa-73b441d16380'],
      ['2eb8aa08aa9811eab4aa73b441d16380', '{2eb8aa08-aa98-11ea-b4aa-73b441d16380}'],
    ],
    [
      'email',
      ['a.b+c@example.com', '"a b"@example.com', 'a@[127.0.0.1]'],
      ['a', 'a@', '@b', 'a..b@c', '.a@b', 'a b@c', 'a@b@c', 'a@-b'],
    ],
    [
      'hostname',
      ['example.com', 'a', 'xn--4gbwdl.xn--wgbh1c'],
      ['', '-a', 'a_b', 'a..b', `${'a'.repeat(64)}.com`, 'xn--X', 'aa--bb'],
    ],
    ['ipv4', ['192.0.2.1'], ['192.0.2.256', '192.0.02.1', '1.2.3', '0x7f.1']],
    ['ipv6', ['::1', '2001:db8::192.0.2.1'], ['12345::', '::1%eth0', '1.2.3.4', ':::']],
    [
      'uri',
      ['http://a.b/c?d=e#f', 'urn:a:b', 'mailto:a@b'],
      ['/a', '//a', 'a b:c', 'http://a b', 'http://[::1', 'http://a/%zz', 'http://a:b/'],
    ],
    ['uriReference', ['/a', 'a?b', '#c', '//d/e', ''], ['a b', '\\a', '%', 'http://[x]/']],
    ['iri', ['http://ƒøø.ßår/?∂éœ=πîx#πîüx'], ['http://a b', 'âππ']],
    ['uriTemplate', ['/a/{b}/{c*}{?d:3,e}'], ['/a/{b', '/{}', '/{b:x}', '{b*\n}']],
    ['byte', ['', 'YQ==', 'YWI=', 'YWJj'], ['YQ', 'Y===', 'Y-_=', '!']],
    ['base64url', ['YQ', 'Y-_g', 'YQ=='], ['Y', 'a+b/']],
    ['decimal', ['1', '-1.50', '12345678901234567890.1'], ['.5', '1.', 'x', '1,5']],
    ['jsonPointer', ['', '/a~1b/0'], ['a', '/~2']],
    ['regex', ['^a+$', '\\p{L}', '[^\\P{Lu}-]'], ['^(a', '\\p{Nothing}', '\\\\p{L}', '[\\p{L}-z]']],
    ['mediaRange', ['text/*', 'application/json;q=1', '*/*'], ['text', 'a/b c']],
    ['int8', [-128, 127], [128, 1.5]],
    ['int32', [-2147483648, 2147483647], [2147483648, 0.5]],
    ['int64', [-(2 ** 63), 2 ** 63], [2 ** 63 * (1 + Number.EPSILON), 0.5]],
    ['uint16', [0, 65535], [-1, 65536]],
    ['float', [3.4e38, 0.1], [1e39]],
    ['doubleInt', [2 ** 53 - 1], [2 ** 53]],
  ])('%s', (name, good, bad) => {
    expect((good as unknown[]).filter((value) => !judge(name, value))).toEqual([])
    expect((bad as unknown[]).filter((value) => judge(name, value))).toEqual([])
  })

  it('is done with hostile texts', () => {
    const hostile = ['a', '1', '-', '.', '@', '/', '%20', '{a}', ':', 'xn--', '"\\', '0.', 'P1', '=', '~'].map(
      (piece) => piece.repeat(20_000 / piece.length),
    )
    for (const judgeText of [
      ...Object.values(dates),
      ...Object.values(nets),
      ...Object.values(texts),
      ...Object.values(uris),
    ]) {
      for (const text of hostile)
        for (const end of ['', '!', '@', ' ']) expect(judgeText(text + end)).toBeTypeOf('boolean')
    }
  })
})

const suite = resolve(
  import.meta.dirname,
  '../../../shared/conformance/json-schema/suite/tests/draft2020-12/optional/format',
)
const files = existsSync(suite) ? readdirSync(suite).filter((file) => exportOf(file) in formats) : []
const deviations = new Set([
  'Bidi domain name with a digit-first label is invalid',
  'A-label that decodes to a disallowed code point is invalid',
])

function exportOf(file: string): string {
  return file.replace('.json', '').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

describe.skipIf(files.length === 0)(
  'JSON Schema Test Suite, optional/format (skipped without ../shared/conformance)',
  () => {
    it.each(files)('%s', (file) => {
      const groups = JSON.parse(readFileSync(resolve(suite, file), 'utf8')) as {
        tests: { description: string; data: unknown; valid: boolean }[]
      }[]
      const wrong = groups
        .flatMap(({ tests }) => tests)
        .filter(({ data, valid }) => typeof data === 'string' && judge(exportOf(file), data) !== valid)
        .map(({ description }) => description)
      expect(wrong.filter((description) => !deviations.has(description))).toEqual([])
    })
  },
)

